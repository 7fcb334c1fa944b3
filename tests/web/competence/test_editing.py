"""« Compétences »: an administrator drafts, edits and publishes from screens alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.reactions import REACTIONS
from crm.routing import CompetenceRule, RoutingTable, Rule, add_rule, current_table, start_draft
from crm.staff import Unit
from tests.given import TOWN, question
from tests.web.agents import Browser
from tests.web.world import World

LogIn = Callable[[str], Browser]
AT = "/console/administration/competences"
UNTRIED = "Une règle seule"


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


@pytest.fixture
def draft(admin: Browser) -> str:
    """The address of a draft just begun."""
    location = admin.post(f"{AT}/brouillons").headers["Location"]
    return location.removeprefix("http://localhost")


def _given(world: World, **said: object) -> dict[str, object]:
    blank = {"subject": "ECLA", "insee": TOWN, "decision": "route", "unit_id": world.services["voirie"]}
    return {**blank, **said}


def _added(admin: Browser, draft: str, world: World, **said: object) -> int:
    answer = admin.post(f"{draft}/regles/nouvelle", **_given(world, **said))
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


def test_from_the_first_page_to_a_version_in_force(
    admin: Browser, draft: str, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    number = _added(admin, draft, world, reason="Régie communale")
    assert "Régie communale" in admin.get(f"{draft}/regles/{number}").text
    assert "Ajoutée" in admin.get(f"{draft}/changements").text
    refused = admin.post(f"{draft}/publication", note=" ")
    assert refused.status_code == 422 and "Remplissez cette case" in refused.text
    assert (
        admin.post(f"{draft}/publication", note="Régie de la commune", unsimulated=UNTRIED).status_code == 303
    )
    with sessions() as session:
        table = current_table(session, clock.now())
    [rule] = [rule for rule in table.rules if rule.number == number]
    assert (rule.domain_code, rule.insee, rule.unit_id) == ("ECLA", TOWN, world.services["voirie"])
    listed = admin.get(AT).text.replace("\xa0", " ")
    assert "Régie de la commune — Publiée sans simulation : Une règle seule" in listed
    assert "En vigueur" in listed
    told = admin.get(f"{draft}/historique").text
    assert f"Règle {number} ajoutée" in told and "Voirie" in told


def test_what_is_wrong_in_a_rule_is_said_beside_it_and_nothing_typed_is_lost(
    admin: Browser, draft: str, world: World
) -> None:
    wrong = _given(world, decision="refuse", starts_at="18:00", valid_from="hier", reason="Gardé")
    answer = admin.post(f"{draft}/regles/nouvelle", **wrong)
    assert answer.status_code == 422 and "Écrivez une date" in answer.text and "Gardé" in answer.text
    again = admin.post(f"{draft}/regles/nouvelle", **{**wrong, "valid_from": ""})
    assert 'id="advice-error"' in again.text and 'id="ends_at-error"' in again.text


def test_the_questions_of_a_category_are_offered_as_conditions(
    admin: Browser, draft: str, world: World
) -> None:
    shown = admin.post(f"{draft}/regles/nouvelle", **_given(world, subject="VOIR-02", questions="1")).text
    offered = re.findall(r'name="answers" value="([^"]+)"', shown)
    assert offered
    number = _added(admin, draft, world, subject="VOIR-02", answers=offered[0])
    assert f'value="{offered[0]}" checked' in admin.get(f"{draft}/regles/{number}").text


def test_a_tie_is_shown_on_both_rules_and_stops_the_publication(
    admin: Browser, draft: str, world: World
) -> None:
    first = _added(admin, draft, world)
    second = _added(admin, draft, world, unit_id=world.services["eclairage"])
    shown = admin.get(f"{draft}/regles/{first}").text
    assert "également précises" in shown and f"/regles/{second}" in shown
    assert f"/regles/{first}" in admin.get(f"{draft}/a-corriger").text
    refused = admin.post(f"{draft}/publication", note="Essai")
    assert refused.status_code == 422 and "à corriger avant de publier" in refused.text


def test_holes_lead_to_a_rule_already_begun(admin: Browser, draft: str) -> None:
    shown = admin.get(f"{draft}/a-corriger").text
    hole = re.search(r'href="([^"]+nouvelle\?sujet=VIE-01[^"]*)"', shown)
    assert hole
    assert '<option value="VIE-01" selected>' in admin.get(hole[1].replace("&amp;", "&")).text


def test_two_administrators_on_one_rule(admin: Browser, draft: str, world: World) -> None:
    number = _added(admin, draft, world)
    assert admin.post(f"{draft}/regles/{number}", revision=1, **_given(world, priority=1)).status_code == 303
    late = admin.post(f"{draft}/regles/{number}", revision=1, **_given(world, priority=2))
    assert late.status_code == 409 and "Un collègue vient de changer cette règle" in late.text


def test_who_publishes_second_gets_the_way_out(admin: Browser, draft: str, world: World) -> None:
    other = admin.post(f"{AT}/brouillons").headers["Location"]
    _added(admin, draft, world)
    _added(admin, other, world, subject="DECH", insee="")
    admin.post(f"{other}/publication", note="La première", unsimulated=UNTRIED)
    refused = admin.post(f"{draft}/publication", note="La seconde", unsimulated=UNTRIED)
    assert refused.status_code == 409 and "Un collègue a publié la version" in refused.text
    admin.post(f"{draft}/reprise")
    assert (
        admin.post(f"{draft}/publication", note="La seconde, reprise", unsimulated=UNTRIED).status_code == 303
    )


def test_the_lighting_of_a_commune_changes_hands_at_once(
    admin: Browser, draft: str, world: World, sessions: Sessions
) -> None:
    for category in ("ECLA-01", "ECLA-02"):
        _added(admin, draft, world, subject=category)
    filters = {"sujet": "ECLA", "commune": TOWN}
    assert "2 règles" in admin.get(draft, **filters).text
    lighting = world.services["eclairage"]
    admin.post(f"{draft}/confier", unit_id=lighting, dont=_ticked(admin, draft, **filters), **filters)
    with sessions() as session:
        assert _holders(session, draft) == {lighting: 2}


def test_the_nights_and_the_rules_of_another_unit_stay_where_they_are_unless_ticked(
    admin: Browser, draft: str, world: World, sessions: Sessions
) -> None:
    roads, lighting, guard = (world.services[code] for code in ("voirie", "eclairage", f"mairie-{TOWN}"))
    for category in ("ECLA-01", "ECLA-02"):
        _added(admin, draft, world, subject=category)
        _added(admin, draft, world, subject=category, starts_at="18:00", ends_at="07:30", unit_id=guard)
    _added(admin, draft, world, subject="ECLA-03", weekdays="sunday")
    filters = {"sujet": "ECLA", "commune": TOWN}
    shown = admin.get(draft, **filters).text
    assert (
        "2 règles, certains jours ou à certaines heures" in shown and "Confier les règles cochées à" in shown
    )
    assert "18\u202fh – 7\u202fh\u202f30" in shown and "18:00" not in shown
    assert _ticked(admin, draft, **filters) == [f"{roads}-usual"]
    # nothing ticked: nothing moves
    admin.post(f"{draft}/confier", unit_id=lighting, **filters)
    assert "Cochez au moins un service" in admin.get(draft, **filters).text
    with sessions() as session:
        assert _holders(session, draft) == {roads: 3, guard: 2}
    admin.post(f"{draft}/confier", unit_id=lighting, dont=f"{roads}-usual", **filters)
    assert "3 autres gardent le leur" in admin.get(draft, **filters).text
    with sessions() as session:
        assert _holders(session, draft) == {lighting: 2, roads: 1, guard: 2}
    admin.post(f"{draft}/confier", unit_id=lighting, dont=f"{guard}-at-times", **filters)
    with sessions() as session:
        assert _holders(session, draft) == {lighting: 4, roads: 1}


def _ticked(admin: Browser, draft: str, **filters: str) -> list[str]:
    """The shares that the page proposes to hand over."""
    shown = admin.get(draft, **filters).text
    return re.findall(r'name="dont" value="([^"]+)"(?: checked|>\s*<div|>\s*$)', shown)


def _holders(session: Session, draft: str) -> dict[int | None, int]:
    """Unit → how many rules of the draft it holds in the commune for the lighting."""
    mine = (CompetenceRule.table_id == int(draft.rpartition("/")[2]), CompetenceRule.insee == TOWN)
    lit = sa.or_(CompetenceRule.domain_code == "ECLA", CompetenceRule.category_code.startswith("ECLA"))
    return Counter(session.scalars(sa.select(CompetenceRule.unit_id).where(*mine, lit)))


def test_the_publication_says_what_goes_from_which_unit_to_which(
    admin: Browser, draft: str, world: World
) -> None:
    assert "Rien ne diffère" in admin.get(f"{draft}/publication").text
    first = _added(admin, draft, world)
    _added(admin, draft, world, subject="DECH", weekdays="sunday")
    admin.post(f"{draft}/publication", note="Deux règles de plus", unsimulated=UNTRIED)
    second = admin.post(f"{AT}/brouillons").headers["Location"].removeprefix("http://localhost")
    admin.post(f"{second}/regles/{first}", revision=1, **_given(world, unit_id=world.services["eclairage"]))
    told = admin.get(f"{second}/publication").text
    assert re.search(r"<li>Voirie[^<]* → Éclairage[^<]*une règle</li>", told)


def test_a_draft_is_abandoned_by_a_second_click_alone(admin: Browser, draft: str) -> None:
    shown = admin.get(draft).text
    main = shown.partition("<main")[2]
    assert "<summary>Abandonner le brouillon</summary>" in main and "perdu, sans retour" in main
    assert main.index("Filtrer") < main.index(f"{draft}/abandon")


def test_pages_of_five_thousand_rules_cost_the_same(
    admin: Browser, draft: str, world: World, sessions: Sessions
) -> None:
    table_id = int(draft.rpartition("/")[2])
    with sessions() as session:
        rows = [
            {
                "table_id": table_id,
                "position": 1000 + n,
                "decision": "route",
                "unit_id": 1,
                "insee": f"{n:05d}",
            }
            for n in range(5000)
        ]
        rows = [{**row, "unit_id": world.services["voirie"], "channel": "field"} for row in rows]
        session.execute(sa.insert(CompetenceRule), rows)
        session.commit()
    page = admin.get(draft).text
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following and "règles" in page
    assert following[1] not in admin.get(following[1].replace("&amp;", "&")).text


def test_a_version_to_come_is_shown_and_taken_back(
    admin: Browser, draft: str, world: World, clock: FrozenClock
) -> None:
    _added(admin, draft, world)
    day = (clock.now() + timedelta(days=20)).date().isoformat()
    admin.post(f"{draft}/publication", note="Au 5 octobre", unsimulated=UNTRIED, effective_on=day)
    assert "À venir" in admin.get(AT).text and "Prendra effet" in admin.get(draft).text
    assert admin.post(f"{draft}/retrait").status_code == 303
    assert "À venir" not in admin.get(AT).text


def test_a_unit_out_of_use_warns_on_every_page_where_it_may_be_mended(
    admin: Browser, log_in: LogIn, world: World, sessions: Sessions
) -> None:
    with sessions() as session:
        session.execute(sa.update(Unit).where(Unit.code == "eclairage").values(is_active=False))
        session.commit()
    for page in ("/console/administration", AT):
        shown = admin.get(page).text
        assert "n’est plus en service" in shown
    troubled = re.search(r'href="([^"]+a_corriger=1)"', shown)
    assert troubled and "À corriger" in admin.get(troubled[1]).text


def test_a_supervisor_reads_and_finds_no_button(
    log_in: LogIn, sessions: Sessions, clock: FrozenClock
) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        draft_id = start_draft(uow)
        add_rule(
            uow, draft_id, Rule(id=0, position=0, decision="refuse", category_code="VIE-01", advice="Non")
        )
        number = uow.session.scalar(sa.select(sa.func.max(CompetenceRule.number)))
        assert uow.session.get(RoutingTable, draft_id)
    browser = log_in("supervisor")
    for page in ("", f"/{draft_id}", f"/{draft_id}/regles/{number}", f"/{draft_id}/simulations", "/qualite"):
        shown = browser.get(f"{AT}{page}")
        main = shown.text.partition("<main")[2]
        assert shown.status_code == 200 and "btn-primary" not in main
    assert browser.post(f"{AT}/brouillons").status_code == 404


def test_two_questions_under_one_key_keep_their_own_words(
    admin: Browser, draft: str, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        for code, asked, flickers in (
            ("ECLA-01", "Que fait-il ?", "Il clignote"),
            ("VIE-01", "Quoi ?", "Rien de tel"),
        ):
            choices = [{"value": "flicker", "label": flickers, "label_en": flickers}]
            question(uow, code, "manner", "choice", label=asked, label_en=asked, choices=choices)
    shown = admin.post(f"{draft}/regles/nouvelle", **_given(world, subject="ECLA-01", questions="1")).text
    assert "Il clignote" in shown and "Rien de tel" not in shown
    number = _added(admin, draft, world, subject="ECLA-01", answers="manner=flicker")
    listed = admin.get(draft, texte=str(number)).text
    assert "Que fait-il" in listed and "Il clignote" in listed and "flicker" not in listed


def test_another_body_is_transmitted_to_and_whom_no_mail_reaches_is_said(
    admin: Browser, draft: str, world: World, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        body = sa.update(Unit).where(Unit.code == "voirie")
        session.execute(body.values(operation="external", email=""))
    refused = admin.post(f"{draft}/regles/nouvelle", **_given(world))
    assert refused.status_code == 422 and "Cet organisme n’est pas à nous" in refused.text
    number = _added(admin, draft, world, decision="refer")
    assert "n’a pas d’adresse électronique" in admin.get(f"{draft}/regles/{number}").text
    shown = admin.get(f"{draft}/a-corriger").text
    assert "À savoir" in shown and "n’a pas d’adresse électronique" in shown
