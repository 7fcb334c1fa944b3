"""Outside the script, words for a colleague, help at once, few readers: as agents do it on their screens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.foundation import FrozenClock, Sessions
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
_TOKEN = sa.text("SELECT public_token FROM cases WHERE reference = :reference")


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    return world.case(sessions, clock)


def test_a_step_outside_is_said_reviewed_and_made_a_rule(log_in: Enter, reference: str) -> None:
    advisor, boss = log_in("advisor"), log_in("supervisor")
    address = f"/console/demandes/{reference}/hors-cadre"
    refused = advisor.post(address, words="Bac provisoire porté ce soir.")
    assert refused.status_code == 422 and "Bac provisoire" in refused.text  # what was typed is still there
    told = {"kind": "means", "words": "Bac provisoire porté ce soir.", "motive": "Bac volé.", "look": "1"}
    assert advisor.post(address, **told).status_code == 303
    case = advisor.get(f"/console/demandes/{reference}").text
    assert "Hors cadre, pour l’usager" in case and "Bac volé." in case
    assert "Bac provisoire" not in advisor.get("/console/pour-moi").text  # one's own step waits for others
    assert "Bac provisoire" in boss.get("/console/pour-moi").text
    month = boss.get("/console/hors-cadre").text
    step = re.search(r'name="step" value="(\d+)"', month)
    assert step and advisor.get("/console/hors-cadre").status_code == 404
    assert boss.post("/console/hors-cadre/regle", rule="", step=step[1]).status_code == 422
    ruled = boss.post("/console/hors-cadre/regle", rule="Bac provisoire sous 24 h.", step=step[1])
    assert ruled.status_code == 303 and "devenu une règle" in boss.get("/console/hors-cadre").text
    assert "Personne n’est sorti" in boss.get("/console/hors-cadre", mois="2026-07").text


@pytest.mark.parametrize(
    ("kind", "leads_to", "shown"),
    [
        (
            "competence",
            r"/competences/\d+/regles/nouvelle\?sujet=VOIR-01",
            'value="VOIR-01" selected',
        ),
        ("script", "/categories/VOIR-01/questions$", "Brouillon"),
        ("delay", "/categories/VOIR-01$", 'name="delay_days"'),
    ],
)
def test_what_comes_back_leads_to_a_draft_that_says_where_it_comes_from(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, kind: str, leads_to: str, shown: str
) -> None:
    advisor, boss, admin = log_in("advisor"), log_in("supervisor"), log_in("config_admin")
    told, page = {"kind": kind, "words": "Fait autrement.", "motive": "Il le fallait."}, ""
    for times in range(1, 4):
        advisor.post(f"/console/demandes/{world.case(sessions, clock)}/hors-cadre", **told)
        page = boss.get("/console/hors-cadre").text
        assert ("Ce qui revient" in page) is (times == 3)
    rule = f"/console/hors-cadre/regle/{kind}/VOIR-01"
    assert f'href="{rule}?mois=2026-09"' in page and "fois" in page
    handed = boss.get(rule).text
    assert "donnez-lui l’adresse" in handed and "Commencer le brouillon" not in handed
    assert boss.post(rule).status_code == 404 and advisor.get(rule).status_code == 404
    # the administrator, who reads no demand, begins it
    assert "Commencer le brouillon" in admin.get(rule, mois="2026-09").text
    begun = admin.post(rule, mois="2026-09").headers["Location"]
    assert re.search(leads_to, begun) and shown in admin.get(begun).text
    draft = begun.partition("/regles")[0].removesuffix("/questions")
    note = "Revue hors cadre, septembre 2026"
    assert note in admin.get(f"{draft}/publication").text, "proposed as the note, and kept by who publishes"
    # what became of it stands on the review
    steps = re.findall(r'name="step" value="(\d+)"', page)
    boss.post("/console/hors-cadre/regle", rule="Règle écrite.", step=steps)
    page = boss.get("/console/hors-cadre").text
    assert "Ce qui revient" not in page and page.count(f'href="{rule}"') == 3


def test_what_was_published_of_the_review_is_read_where_it_was_asked(
    log_in: Enter, world: World, reference: str
) -> None:
    admin, rule = log_in("config_admin"), "/console/hors-cadre/regle/competence/VOIR-01"
    assert "Rien encore" in log_in("supervisor").get("/console/hors-cadre/regle/delay/VOIR-01").text
    draft = admin.post(rule, mois="2026-08").headers["Location"].partition("/regles")[0]
    said = {"subject": "VIE-01", "insee": "99801", "decision": "route", "unit_id": world.services["voirie"]}
    assert admin.post(f"{draft}/regles/nouvelle", **said).status_code == 303
    note = re.search(r">(Revue hors cadre[^<]+)</textarea>", admin.get(f"{draft}/publication").text)
    assert note
    sent = admin.post(f"{draft}/publication", note=note[1], unsimulated="Une règle seule")
    assert sent.status_code == 303
    assert "Revue hors cadre, août 2026" in log_in("supervisor").get(rule).text
    assert admin.get("/console/hors-cadre/regle/means/VOIR-01").status_code == 404


def test_it_is_not_told_to_the_usager(
    app: Flask, log_in: Enter, sessions: Sessions, clock: FrozenClock, reference: str
) -> None:
    told = {"kind": "delay", "words": "Passé avant les autres.", "motive": "Un nourrisson dort là."}
    page = log_in("advisor").post(f"/console/demandes/{reference}/hors-cadre", **told)
    assert page.status_code == 303
    with sessions() as session:
        token = session.execute(_TOKEN, {"reference": reference}).scalar_one()
    tracking = app.test_client().get(f"/suivi/{token}").text
    assert "Votre demande" in tracking and "nourrisson" not in tracking and "cadre" not in tracking


def test_a_note_names_a_colleague_who_finds_it(log_in: Enter, reference: str) -> None:
    boss = log_in("supervisor")
    proposed = boss.get(f"/console/demandes/{reference}/collegues", q="voi").get_json()["items"]
    assert [one["label"] for one in proposed] == ["Voirie"]
    assert boss.post(f"/console/demandes/{reference}/note", text="@Voirie à voir").status_code == 303
    assert "Prévenus" in boss.get(f"/console/demandes/{reference}").text
    lead = log_in("team_lead")
    assert "@Voirie à voir" in lead.get("/console/pour-moi").text
    assert "nouveau" in lead.get("/console/pour-moi").text
    seen = lead.form("/console/pour-moi")
    boss.post(f"/console/demandes/{reference}/note", text="@Voirie encore")
    assert lead.post("/console/pour-moi/vu", **seen).status_code == 303
    assert lead.get("/console/pour-moi").text.count("nouveau") == 1, "what came since was not seen"
    lead.post("/console/pour-moi/vu", **lead.form("/console/pour-moi"))
    assert "nouveau" not in lead.get("/console/pour-moi").text
    assert "@Voirie" not in log_in("lighting").get("/console/pour-moi").text
    assert log_in("lighting").get(f"/console/demandes/{reference}/collegues", q="s").status_code == 404


def test_followed_and_followed_no_more(log_in: Enter, reference: str) -> None:
    lead = log_in("team_lead")
    moves = f"/console/demandes/{reference}/gestes"
    assert "Suivre cette demande" in lead.get(moves).text
    lead.post(f"/console/demandes/{reference}/suivre")
    assert "Ne plus suivre" in lead.get(moves).text
    assert reference in lead.get("/console/pour-moi").text
    lead.post(f"/console/demandes/{reference}/ne-plus-suivre")
    assert reference not in lead.get("/console/pour-moi").text


def test_help_is_asked_from_the_form_and_a_colleague_takes_over(log_in: Enter) -> None:
    advisor, boss = log_in("advisor"), log_in("supervisor")
    hidden = advisor.form("/console/demandes/nouvelle")
    typed = {**hidden, "object": "Il hurle au téléphone", "channel": "phone"}
    asked = advisor.post("/console/aide-maintenant", **typed)
    assert asked.status_code == 303
    page = boss.get(asked.location).text
    assert "Il hurle au téléphone" in page and 'name="object"' not in page  # read, not typed in
    assert log_in("team_lead").get(asked.location).status_code == 404
    assert "Il hurle" not in boss.get(f"{asked.location}/bandeau").text  # a strip is read over a shoulder
    taken = boss.post(f"{asked.location}/relais")
    assert taken.status_code == 303 and "Il hurle au téléphone" in boss.get(taken.location).text
    assert "C’est terminé" in advisor.get(asked.location).text


def test_few_readers_set_by_an_advisor_lifted_by_a_supervisor(
    log_in: Enter, world: World, reference: str
) -> None:
    advisor, boss, lead = log_in("advisor"), log_in("supervisor"), log_in("team_lead")
    address = f"/console/demandes/{reference}/acces"
    told = {"reason": "about_agent", "motive": "L’usager se plaint du chef d’équipe."}
    assert advisor.post(address, **told).status_code == 422  # of whom?
    about = {"concerned": f"a{world.ids['team_lead']}", "charge": "keep"}
    assert advisor.post(address, **told, **about).status_code == 303
    assert "Accès restreint" in advisor.get(f"/console/demandes/{reference}").text
    assert lead.get(f"/console/demandes/{reference}").status_code == 404
    assert reference not in lead.get("/console/files/a-traiter").text
    assert advisor.post(f"{address}/lever", lift_motive="Fini.").status_code == 404
    assert boss.post(f"{address}/lever", lift_motive="Enquête close.").status_code == 303
    assert lead.get(f"/console/demandes/{reference}").status_code == 200
