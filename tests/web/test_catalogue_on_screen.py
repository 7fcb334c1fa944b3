"""« Catégories » and « Mots de danger »: what is asked and what rings, changed by an administrator."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.catalogue import catalogue
from crm.foundation import FrozenClock, Sessions
from crm.routing import CompetenceRule, RoutingTable
from tests.web.agents import Browser
from tests.web.world import World

LogIn = Callable[[str], Browser]
AT = "/console/administration/categories"
DANGERS = "/console/administration/dangers"
LAMP = f"{AT}/ECLA-01"


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


def _boxes(html: str) -> dict[str, list[str]]:
    """What stands in the main form of a page."""
    form = max(re.findall(r"<form.*?</form>", html.partition("<main")[2], re.S), key=len)
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="(?:text|hidden|date)" name="(\w+)"[^>]*?value="([^"]*)"', form
    ):
        found.setdefault(name, []).append(value)
    for name, value in re.findall(
        r'<input type="checkbox" name="(\w+)"[^>]*?value="([^"]*)"[^>]* checked', form
    ):
        found.setdefault(name, []).append(value)
    for name, value in re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S):
        found.setdefault(name, []).append(value)
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found.setdefault(name, []).append(chosen[1] if chosen else "")
    found.pop("csrf_token", None)
    return found


def _sent(admin: Browser, page: str, **changed: object) -> tuple[int, str]:
    """A page's form, changed and sent as its button would."""
    answer = admin.post(page, **{**_boxes(admin.get(page).text), **changed})
    return answer.status_code, answer.text


def _proposed(who: Browser, said: str) -> list[tuple[str, str]]:
    """Codes and names that an advisor is offered while typing."""
    answer = who.post("/console/aides/categories", q=said).json
    assert answer is not None
    return [(item["value"], item["label"]) for item in answer["items"]]


def _figures(html: str) -> list[str]:
    """Of the comparison with demands of late."""
    return re.findall(r"<dd>([^<]*)</dd>", html.partition('id="late"')[2].partition("</section>")[0])


def _published(admin: Browser, page: str, note: str = "Dit par les agents") -> None:
    status, told = _sent(admin, f"{page}/publication", note=note)
    assert status == 303, told


def test_a_category_is_changed_tried_and_published_and_an_old_version_taken_back(
    admin: Browser, sessions: Sessions, log_in: LogIn
) -> None:
    assert "Lampadaire éteint" in admin.get(AT).text
    status, _ = _sent(
        admin, LAMP, label="Lampadaire en panne", delay_days="8", synonyms="lampadaire\nloupiote"
    )
    assert status == 303
    tried = admin.post(f"{LAMP}/essai", said="la loupiote").text
    assert "Aucune catégorie proposée" in tried and "<strong>Lampadaire en panne</strong>" in tried
    advisor = log_in("advisor")
    assert _proposed(advisor, "la loupiote") == []
    assert _sent(admin, f"{LAMP}/publication", note=" ")[0] == 422
    shown = admin.get(f"{LAMP}/publication").text
    changed = shown.partition('id="changed"')[2].partition("</main>")[0]
    assert "Issues" not in changed  # what was not touched stays in its order
    assert "<del>5</del> <ins>8</ins>" in shown and "loupiote" in shown
    _published(admin, LAMP)
    assert _proposed(advisor, "la loupiote")[0] == ("ECLA-01", "Lampadaire en panne")
    told = admin.get(f"{LAMP}/historique").text
    assert "Dit par les agents" in told and "Version des fichiers" in told
    assert admin.post(f"{LAMP}/historique/0", seen=2).status_code == 303
    _published(admin, LAMP, "Finalement non")
    with sessions() as session:
        assert catalogue(session).categories["ECLA-01"].delay_days == 5


def test_what_is_wrong_is_said_beside_its_box_and_nothing_typed_is_lost(admin: Browser) -> None:
    status, told = _sent(admin, LAMP, label="", delay_days="huit", place="none", handling="Gardé")
    assert status == 422 and 'id="label-error"' in told and 'id="delay_days-error"' in told
    assert 'value="huit"' in told and "Gardé" in told
    assert (
        "Une autre catégorie porte déjà ce nom" in _sent(admin, LAMP, label="Rue ou quartier dans le noir")[1]
    )


def test_two_administrators_on_one_category(admin: Browser, log_in: LogIn) -> None:
    seen = _boxes(admin.get(LAMP).text)
    _sent(admin, LAMP, label="Le premier")
    late = admin.post(LAMP, **{**seen, "label": "Le second"})
    assert late.status_code == 409 and 'value="Le second"' in late.text
    assert "vous avez écrit « Le second », il y a maintenant « Le premier »" in late.text.replace(
        "\u202f", " "
    )
    again = admin.post(LAMP, **{**_boxes(late.text)})
    assert again.status_code == 303 and "Le second" in admin.get(LAMP).text
    _published(log_in("config_admin"), LAMP)
    last = admin.post(LAMP, **{**seen, "label": "Le dernier"})
    assert last.status_code == 409 and "commence un nouveau brouillon" in last.text


def test_questions_are_added_moved_removed_and_read_as_an_agent_will(
    admin: Browser, sessions: Sessions
) -> None:
    page = f"{LAMP}/questions"
    new = {"kind": "choice", "label": "Que voit-on ?", "label_en": "What do you see?", "seen": "0"}
    rows = {
        "value": ["", ""], "answer": ["Des fils", "Rien"], "answer_en": ["Wires", ""],
        "priority": ["1", ""], "say": ["", "Il n’y a rien à faire."], "say_en": ["", ""],
    }  # fmt: skip
    wrong = admin.post(f"{page}/nouvelle", **new, **rows)
    assert wrong.status_code == 422
    assert (
        'id="answer_en-1-error"' in wrong.text
        and 'id="say_en-1-error"' in wrong.text
        and "Des fils" in wrong.text
    )
    whole = {**rows, "answer_en": ["Wires", "Nothing"], "say_en": ["", "Nothing to do."], "hidden": "0"}
    assert admin.post(f"{page}/nouvelle", **new, **whole).status_code == 303
    assert admin.post(f"{page}/4/ordre", where="up", seen="1").status_code == 303
    assert admin.post(f"{page}/1/ordre", where="out", seen="2").status_code == 303
    assert (
        admin.post(f"{page}/1/ordre", where="out", seen="1").status_code == 303
    )  # of before: told, not done
    assert "vient de changer ce brouillon" in admin.get(page).text
    same = {"kind": "text", "label": "Mast", "label_en": "Mast", "seen": "3"}
    assert admin.post(f"{page}/nouvelle", **same).status_code == 303
    read = admin.get(f"{LAMP}/essai").text
    assert "Que voit-on" in read and "Il n’y a rien à faire." in read
    _published(admin, LAMP)
    with sessions() as session:
        lamp = catalogue(session).categories["ECLA-01"]
    assert [q.key for q in lamp.questions] == ["count", "que_voit_on", "fault", "mast_2"]
    asked = lamp.questions[1]
    assert [(c.value, c.label) for c in asked.choices] == [("des_fils", "Des fils"), ("rien", "Rien")]
    assert (asked.raises[0].when, asked.raises[0].priority, asked.raises[0].map) == ("des_fils", 1, "never")
    assert asked.stops[0].when == "rien"
    assert _sent(admin, f"{page}/2", answer=["Des câbles", "", "", ""])[0] == 303
    told = admin.get(f"{page}/2").text
    assert "des_fils" in told and "Nothing" not in told
    assert _sent(admin, f"{page}/2", value=["x" * 3000, "", "", ""], priority=["9", "", "", ""])[0] == 422


def test_a_question_that_a_rule_waits_for_is_not_taken_away(
    admin: Browser, sessions: Sessions, world: World
) -> None:
    with sessions() as session:
        table = session.scalars(sa.select(RoutingTable.id).order_by(RoutingTable.version.desc())).first()
        rule = {"table_id": table, "position": 900, "decision": "route", "category_code": "ECLA-03"}
        more = {"answers": {"wires": ["yes"]}, "unit_id": world.services["voirie"]}
        session.execute(sa.insert(CompetenceRule).values(**rule, **more))
        session.commit()
    page = f"{AT}/ECLA-03"
    assert admin.post(f"{page}/questions/1/ordre", where="out", seen="0").status_code == 303
    assert "changez d’abord la règle" in admin.get(f"{page}/publication").text
    assert _sent(admin, f"{page}/publication", note="Plus court")[0] == 422


def test_retired_on_a_day_its_demands_go_to_its_heir_and_old_ones_stay(
    admin: Browser, log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    old = world.case(sessions, clock, category_code="ECLA-04")
    page = f"{AT}/ECLA-04"
    assert _sent(admin, f"{page}/retrait", retired_on="2020-01-01")[0] == 422
    today = clock.now().date()
    status, _ = _sent(admin, f"{page}/retrait", retired_on=today.isoformat(), replaced_by="ECLA-01")
    assert status == 303
    _published(admin, page, "Regroupée avec les pannes")
    assert "Retirées" in admin.get(AT).text
    advisor = log_in("advisor")
    assert "Lumière gênante" in advisor.get(f"/console/demandes/{old}").text
    assert "ECLA-04" not in dict(_proposed(advisor, "lumière gênante dans ma chambre"))
    form = advisor.form("/console/demandes/nouvelle")
    said = {"object": "Trop de lumière", "category": "ECLA-04", "answer_channel": "none", "channel": "phone"}
    advisor.post("/console/demandes/nouvelle", **{**form, **said, "place_text": "rue des Lilas"})
    with sessions() as session:
        newest = session.execute(sa.text("SELECT category_code FROM cases ORDER BY id DESC LIMIT 1")).scalar()
    assert newest == "ECLA-01"
    back = admin.post(f"{page}/retrait", back="1", seen=2)
    assert back.status_code == 303
    _published(admin, page, "Finalement utile")
    assert "Retirées" not in admin.get(AT).text


def test_rules_written_for_a_retired_category_are_said(
    admin: Browser, sessions: Sessions, world: World, clock: FrozenClock
) -> None:
    with sessions() as session:
        table = session.scalars(sa.select(RoutingTable.id).order_by(RoutingTable.version.desc())).first()
        rule = {"table_id": table, "position": 901, "decision": "route", "category_code": "ECLA-04"}
        session.execute(sa.insert(CompetenceRule).values(**rule, unit_id=world.services["voirie"]))
        session.commit()
    page = f"{AT}/ECLA-04"
    assert "une règle de compétence" in admin.get(f"{page}/retrait").text
    later = (clock.now() + timedelta(days=3)).date()
    _sent(admin, f"{page}/retrait", retired_on=later.isoformat(), replaced_by="ECLA-01")
    assert "une règle de compétence" in admin.get(f"{page}/publication").text
    _sent(admin, f"{page}/retrait", retired_on=clock.now().date().isoformat(), replaced_by="ECLA-01")
    assert "une règle de compétence" not in admin.get(AT).text
    _published(admin, page)
    assert "une règle de compétence" in admin.get(AT).text


def test_a_new_category_from_its_name_to_its_first_demand(admin: Browser, log_in: LogIn) -> None:
    assert admin.post(f"{AT}/nouvelle", domain="ECLA", label="").status_code == 422
    begun = admin.post(
        f"{AT}/nouvelle", domain="ECLA", label="Guirlande éteinte", label_en="Festive lights off"
    )
    page = begun.headers["Location"].removeprefix("http://localhost")
    assert page == f"{AT}/ECLA-05" and "pas encore publiées" in admin.get(AT).text
    assert "Ce que nous faisons" in admin.get(f"{page}/publication").text
    handled = {"handling": "Une équipe passe.", "handling_en": "A crew comes.", "synonyms": "guirlande"}
    assert _sent(admin, page, **handled)[0] == 303
    _published(admin, page, "Demandé chaque hiver")
    assert _proposed(log_in("advisor"), "la guirlande")[0][0] == "ECLA-05"


def test_a_danger_is_tried_on_a_sentence_and_on_demands_of_late(
    admin: Browser, log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    world.case(sessions, clock, object="Une odeur de mercaptan dans la cour")
    page = f"{DANGERS}/GAZ"
    assert "Urgence Gaz" in admin.get(DANGERS).text
    wrong = _sent(admin, page, words="gaz\n!!!", say="")
    assert wrong[0] == 422 and 'id="say-error"' in wrong[1]
    assert _sent(admin, page, words="mercaptan\ngaz")[0] == 303
    tried = admin.post(f"{page}/essai", said="odeur de mercaptan", of_late="1").text
    assert tried.count('class="strip danger"') == 1
    assert _figures(tried) == ["1", "0", "1"]
    assert _figures(admin.get(f"{page}/publication").text) == ["1", "0", "1"], (
        "tried by whoever publishes it too"
    )
    _published(admin, page, "Le mot des pompiers")
    assert "Urgence Gaz" in log_in("advisor").post("/console/aides/dangers", q="odeur de mercaptan").text


def test_a_draft_is_compared_on_demands_of_late(
    admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    world.case(sessions, clock, category_code="ECLA-01", object="La loupiote de la rue est morte")
    _sent(admin, LAMP, synonyms="loupiote")
    told = admin.post(f"{LAMP}/essai", of_late="1").text
    assert _figures(told) == ["1", "1", "0 / 1", "1 / 1"]
    assert _figures(admin.get(f"{LAMP}/publication").text) == ["1", "1", "0 / 1", "1 / 1"]


def test_a_draft_is_left_and_others_find_no_page(admin: Browser, log_in: LogIn) -> None:
    _sent(admin, LAMP, label="Essai")
    admin.post(f"{LAMP}/abandon", seen=0)  # of before: told, not done
    assert "relisez-le avant de l’abandonner" in admin.get(LAMP).text and "Essai" in admin.get(LAMP).text
    assert admin.post(f"{LAMP}/abandon", seen=1).status_code == 303
    assert "Essai" not in admin.get(LAMP).text
    for who in ("advisor", "supervisor"):
        assert log_in(who).get(LAMP).status_code == 404
