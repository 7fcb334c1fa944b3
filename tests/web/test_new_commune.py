"""A new commune joins from the screen alone: streets, desk, people, rules, first demand."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.cases import Case
from crm.foundation import Delivery, EventRow, FrozenClock, Sessions
from crm.staff import AgentInvited
from tests.given import PASSWORD
from tests.own_database import mails_to
from tests.servers import Servers
from tests.territory.given import commune
from tests.web.agents import Browser
from workers.jobs.run import do_deliveries

AT = "/console/administration"
INSEE, NAME, EMAIL = "99804", "Les Ormes", "accueil.ormes@rivebois.example"
KIT = f"{AT}/communes/{INSEE}"
ADDRESSES = """numero,suffixe,voie,code_voie,insee,code_postal,lon,lat
1,,Rue des Tanneurs,7,99804,99840,3.9701,43.6001
2,,Rue des Tanneurs,7,99804,99840,3.9702,43.6001
3,,Rue des Tanneurs,7,99899,99840,3.9703,43.6001
"""


@pytest.fixture
def admin(log_in: Callable[[str], Browser]) -> Browser:
    return log_in("config_admin")


def _file(words: str, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(words.encode()), name


def _steps(admin: Browser) -> dict[str, bool]:
    """Step → is it done, as the kit shows them."""
    rows = re.findall(r'<tr id="(\w+)">(.*?)</tr>', admin.get(KIT).text, re.DOTALL)
    return {code: "tag-ok" in row for code, row in rows}


def _outline() -> str:
    return json.dumps(
        {"type": "FeatureCollection", "features": [commune(INSEE, NAME, 3.96, 4.0, code_postal="99840")]}
    )


def _ground(admin: Browser) -> None:
    assert admin.post(f"{AT}/communes/nouvelle").status_code == 422
    made = admin.post(f"{AT}/communes/nouvelle", file=_file(_outline(), "ormes.geojson"))
    assert made.location == KIT
    not_geojson = admin.post(f"{AT}/communes/nouvelle", file=_file("rien", "x.geojson"))
    assert not_geojson.status_code == 422
    told = admin.post(f"{KIT}/territoire", part="addresses", file=_file(ADDRESSES, "adresses.csv"))
    assert "commune 99899 inconnue" in told.text, "a line that is left out says why"


def _place(admin: Browser) -> tuple[int, int]:
    """Its town hall and the desk, as the links of the kit begin them. Returns organisation and unit."""
    begun = admin.get(f"{AT}/organismes/nouveau", commune=INSEE).text
    assert f'value="Commune de {NAME}"' in begun
    reach = {"address": "1 place des Ormes", "phone": "01 99 00 00 40"}
    owner = admin.post(
        f"{AT}/organismes/nouveau", kind="commune", name=f"Commune de {NAME}", insee=INSEE, **reach
    )
    owner_id = int(owner.location.rsplit("/", 1)[1])
    desk = admin.post(
        f"{AT}/services/nouveau",
        name=f"Mairie des {NAME[4:]}",
        operation="in_house",
        organization_id=owner_id,
        insee=INSEE,
        **reach,
    )
    return owner_id, int(desk.location.rsplit("/", 1)[1])


def _people(admin: Browser, clerk: Browser, app: Flask, sessions: Sessions, servers: Servers) -> None:
    """Somebody of the desk is invited, chooses a password, comes in."""
    invited = admin.post(
        f"{AT}/agents/nouveau",
        first_name="Rose",
        last_name="Vidal",
        email=EMAIL,
        organization_code="commune-de-les-ormes",
        role="desk_agent",
        grant_insee=INSEE,
    )
    assert invited.status_code == 303, invited.text
    with sessions() as session:
        due = sa.select(Delivery.id).join(EventRow).where(EventRow.kind == AgentInvited.kind)
        ids = list(session.scalars(due.where(Delivery.done_at.is_(None))))
    do_deliveries(app.extensions["crm"], ids)
    mail = message_from_bytes(mails_to(servers.outbox_folder, EMAIL)[-1].read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = re.search(r"/invitation/\S+", body)
    assert link is not None
    assert clerk.post(link[0], password=PASSWORD, again=PASSWORD).status_code == 303
    assert clerk.post("/login", email=EMAIL, password=PASSWORD).status_code == 303


def _rules(admin: Browser, unit_id: int) -> None:
    draft = admin.post(f"{AT}/competences/brouillons").location
    rule = {"subject": "PROP", "insee": INSEE, "decision": "route", "unit_id": unit_id}
    assert admin.post(f"{draft}/regles/nouvelle", **rule).status_code == 303
    said = {"note": "Les Ormes nous rejoignent", "unsimulated": "Aucune demande passée : la commune arrive."}
    assert admin.post(f"{draft}/publication", **said).status_code == 303


def _first_demand(clerk: Browser) -> str:
    """At the counter of the new commune."""
    page = clerk.get("/console/guichet/nouvelle").text
    hidden = dict(re.findall(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', page))
    typed = {
        **hidden,
        "object": "Un dépôt sauvage devant l’école",
        "any_category": "PROP-01",
        "place_text": "1 rue des Tanneurs",
        "place_choice": "libre",
        "family_name": "Diallo",
        "answer_channel": "none",
    }
    done = clerk.post("/console/guichet/nouvelle", **typed)
    assert done.status_code == 303, done.text
    return str(done.location.split("/")[-2])


def test_a_new_commune_joins_from_the_screen_alone(
    admin: Browser,
    stranger: Browser,
    app: Flask,
    sessions: Sessions,
    servers: Servers,
    clock: FrozenClock,
) -> None:
    # given: nothing of the commune exists
    assert admin.get(KIT).status_code == 404
    # when
    _ground(admin)
    assert [code for code, done in _steps(admin).items() if done] == ["ground"]
    too_soon = admin.post(f"{KIT}/ouverture", live_on="2026-10-01", note="Vite")
    assert too_soon.status_code == 422 and "étapes obligatoires" in too_soon.text
    _owner, unit_id = _place(admin)
    _people(admin, stranger, app, sessions, servers)
    _rules(admin, unit_id)
    app.extensions["crm"].rulebooks._directory._stale_at = 0
    app.extensions["crm"].rulebooks._routing._stale_at = 0
    reference = _first_demand(stranger)
    for step in ("templates", "closures", "training"):
        admin.post(f"{KIT}/etapes/{step}")
    # then: its first demand went to its own unit, by the rule just published
    with sessions() as session:
        case = session.scalars(sa.select(Case).where(Case.reference == reference)).one()
    assert (case.unit_id, case.insee, case.origin_insee) == (unit_id, INSEE, INSEE)
    assert "elle a des demandes" in admin.get(KIT).text
    assert admin.post(f"{KIT}/retrait", taking_back="Erreur").status_code == 422
    steps = _steps(admin)
    assert {code for code, done in steps.items() if not done} == {"rules", "go_live"}
    _goes_live(admin)


def _goes_live(admin: Browser) -> None:
    """One step is left: going live without it is explained, or refused."""
    assert "Une étape reste à faire" in admin.get(KIT).text
    bare = admin.post(f"{KIT}/ouverture", live_on="2026-10-01", steps_left=0)
    assert bare.status_code == 422
    assert admin.post(f"{KIT}/ouverture", live_on="bientôt", note="x").status_code == 422
    decided = admin.post(f"{KIT}/ouverture", live_on="2026-10-01", note="Le centre garde le reste")
    assert decided.status_code == 303
    kit = admin.get(KIT).text
    assert "Ouverture décidée" in kit and "Étape faite" in kit
    table = admin.get(f"{AT}/communes").text
    assert NAME in table and "10 / 11" in table
    admin.post(f"{KIT}/etapes/training", undo="1")
    admin.post(f"{KIT}/ouverture", undo="1")
    assert "8 / 11" in re.sub(r"\s+", " ", admin.get(KIT).text.replace("étapes", " étapes"))
