"""A draft tried on the past; a decision explained; rules judged by what people did; rules learnt."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.cases import Case, CaseState, Restriction, restrict_case, route_case
from crm.foundation import SYSTEM, Delivery, FrozenClock, Sessions, Units
from crm.interactions import add_note
from crm.reactions import REACTIONS
from crm.staff import Unit
from tests import given
from tests.acting import act
from tests.given import NEIGHBOUR, TOWN
from tests.web.agents import Browser
from tests.web.world import World
from workers.jobs.run import do_deliveries

LogIn = Callable[[str], Browser]
AT = "/console/administration/competences"


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


def _cases(world: World, sessions: Sessions, clock: FrozenClock, many: int, **told: Any) -> list[str]:
    place = given.place(str(told.pop("insee", TOWN)))
    return [world.case(sessions, clock, category_code="ECLA-01", place=place, **told) for _ in range(many)]


def _by_hand(world: World, sessions: Sessions, clock: FrozenClock, reference: str, unit: str) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        moved = world.services[unit]
        route_case(uow, world.book, reference, unit_id=moved, motive="Mât de la voirie", seen_version=1)


def _work(app: Flask, sessions: Sessions) -> None:
    with sessions() as session:
        due = session.scalars(sa.select(Delivery.id).where(Delivery.job == "simulate_routing"))
        ids = list(due)
    do_deliveries(app.extensions["crm"], ids)


def test_a_draft_is_tried_on_past_demands_before_it_is_published(
    admin: Browser, app: Flask, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    ours, others = _cases(world, sessions, clock, 2), _cases(world, sessions, clock, 1, insee=NEIGHBOUR)
    _by_hand(world, sessions, clock, ours[0], "voirie")
    clock.at += timedelta(hours=1)
    draft = admin.post(f"{AT}/brouillons").headers["Location"]
    rule = {"subject": "ECLA", "insee": TOWN, "decision": "route", "unit_id": world.services["voirie"]}
    admin.post(f"{draft}/regles/nouvelle", **rule)
    asked = admin.post(f"{draft}/simulations", weeks=4)
    assert "En cours" in admin.get(asked.headers["Location"]).text
    _work(app, sessions)
    shown = admin.get(asked.headers["Location"]).text
    assert re.search(r'<strong class="num">2</strong>\s+iraient ailleurs, sur 3', shown)
    assert re.search(r'<strong class="num">1</strong>\s+sont déjà', shown), (
        "one had been moved by hand already"
    )
    assert ours[0] in shown and others[0] not in shown
    assert f'href="/console/demandes/{ours[0]}' not in shown, "an administrator reads no demand"
    part = admin.get(asked.headers["Location"], partie=1)
    assert part.status_code == 286 and "<html" not in part.text


def test_a_draft_tried_as_it_stands_is_published_and_one_changed_since_says_why_not(
    admin: Browser, app: Flask, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    draft = admin.post(f"{AT}/brouillons").headers["Location"]
    rule = {"subject": "ECLA", "insee": TOWN, "decision": "route", "unit_id": world.services["voirie"]}
    admin.post(f"{draft}/regles/nouvelle", **rule)
    admin.post(f"{draft}/simulations", weeks=4)
    untried = admin.post(f"{draft}/publication", note="Au contrat")
    assert untried.status_code == 422 and 'id="unsimulated-error"' in untried.text, "it has not ended"
    _work(app, sessions)
    assert 'name="unsimulated"' not in admin.get(f"{draft}/publication").text
    clock.at += timedelta(minutes=1)
    admin.post(f"{draft}/regles/nouvelle", **{**rule, "subject": "VIE-01"})
    untried = admin.post(f"{draft}/publication", note="Au contrat")
    assert (
        untried.status_code == 422
        and f'href="{draft}/simulations"' in untried.text
        and "Au contrat" in untried.text
    )
    admin.post(f"{draft}/simulations", weeks=4)
    _work(app, sessions)
    assert admin.post(f"{draft}/publication", note="Au contrat").status_code == 303
    assert "sans simulation" not in admin.get(draft).text


def test_a_demand_that_few_may_read_is_no_example_of_what_would_change(
    admin: Browser, app: Flask, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    ours, hidden = _cases(world, sessions, clock, 2)
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        restrict_case(uow, hidden, Restriction(reason="grave", motive="Menaces."))
    clock.at += timedelta(hours=1)
    draft = admin.post(f"{AT}/brouillons").headers["Location"]
    rule = {"subject": "ECLA", "insee": TOWN, "decision": "route", "unit_id": world.services["voirie"]}
    admin.post(f"{draft}/regles/nouvelle", **rule)
    asked = admin.post(f"{draft}/simulations", weeks=4)
    _work(app, sessions)
    shown = admin.get(asked.headers["Location"]).text
    assert ours in shown and hidden not in shown
    assert re.search(r'<strong class="num">1</strong>\s+iraient ailleurs, sur 1', shown)


@pytest.mark.parametrize(("weeks", "day"), [("0", ""), ("deux", ""), ("4", "demain")])
def test_a_simulation_asked_wrongly_says_what_is_wrong(admin: Browser, weeks: str, day: str) -> None:
    draft = admin.post(f"{AT}/brouillons").headers["Location"]
    assert admin.post(f"{draft}/simulations", weeks=weeks, as_if_from=day).status_code == 422


def test_each_demand_says_its_rule_its_version_and_what_would_have_changed_it(
    log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, category_code="VOIR-01", place=given.place(TOWN))
    browser = log_in("advisor")
    why = f"/console/demandes/{reference}/competence"
    assert f'href="{why}"' in browser.get(f"/console/demandes/{reference}").text
    shown = browser.get(why).text
    assert "version 2, en vigueur depuis le" in shown and "Rues et trottoirs (tout le domaine)" in shown
    assert re.search(r"si c’était une voie privée → <strong>Refus", shown)
    _by_hand(world, sessions, clock, reference, "eclairage")
    assert "Confiée à la main" in browser.get(why).text


def test_a_demand_that_no_rule_catches_says_so(
    log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, CaseState.REGISTERED, category_code="VIE-01")
    shown = log_in("supervisor").get(f"/console/demandes/{reference}/competence").text
    assert "À qualifier" in shown and "aucune règle ne dit" in shown.lower()


def test_rules_are_judged_by_what_people_then_did(
    admin: Browser, log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    references = _cases(world, sessions, clock, 4)
    _by_hand(world, sessions, clock, references[0], "voirie")
    shown = admin.get(f"{AT}/qualite").text
    row = re.search(r'href="([^"]+/qualite/\d+[^"]*)">\d+</a> Éclairage.*?</tr>', shown, re.S)
    assert row and "1 (25 %)" in row[0] and "0 (0 %)" in row[0]
    address = row[1].replace("&amp;", "&")
    listed = log_in("supervisor").get(address).text
    assert references[0] in listed and references[1] not in listed
    read = admin.get(address).text
    assert references[0] in read and "Mât de la voirie" in read and "1 confiée ailleurs (25" in read
    assert f"/{references[0]}/competence" in listed and f"/{references[0]}/competence" not in read


def test_what_a_unit_sent_back_is_no_override_when_it_is_entrusted_again(
    admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    first, hidden, *_ = _cases(world, sessions, clock, 4)
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        for reference in (first, hidden):
            act(uow, world.book, reference, "bounce", motive=f"Pas à nous, {reference}.")
            act(uow, world.book, reference, "route", unit_id=world.services["voirie"], motive="Au suivant.")
        told = Restriction(reason="grave", motive="Menaces.")
        restrict_case(uow, hidden, told)
    shown = admin.get(f"{AT}/qualite").text
    row = re.search(r'href="([^"]+/qualite/\d+[^"]*)">\d+</a> Éclairage.*?</tr>', shown, re.S)
    assert row and "0 (0 %)" in row[0] and "1 (33 %)" in row[0], "what few may read is not even counted"
    read = admin.get(row[1].replace("&amp;", "&")).text
    assert f"Pas à nous, {first}." in read and "Au suivant." in read and "Renvoyée par" in read
    assert hidden not in read


def _row(page: str, subject: str) -> tuple[str, str, str]:
    """What the rule of a subject shows: demands, entrusted elsewhere, sent back."""
    row = re.search(rf"</a> {subject}.*?</tr>", page, re.S)
    assert row is not None
    found = re.findall(r'class="num"[^>]*>(\d+)', row[0])
    return found[0], found[1], found[2]


def test_a_unit_that_is_closed_overrides_no_rule(
    admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    _cases(world, sessions, clock, 2)
    with sessions.begin() as session:  # as a hand-over does: no agent said where each of them goes
        session.execute(sa.update(Case).values(unit_id=world.services["voirie"]))
    assert _row(admin.get(f"{AT}/qualite").text, "Éclairage") == ("2", "0", "0")


def test_each_demand_counts_by_the_first_who_did_otherwise(
    admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    # given: sent back by a unit that a person had chosen; transmitted to a body that no list names
    chosen, referred, *_rest = _cases(world, sessions, clock, 4)
    _by_hand(world, sessions, clock, chosen, "voirie")
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        act(uow, world.book, chosen, "bounce")
        act(uow, world.book, chosen, "route", unit_id=world.services["eclairage"])
        case = uow.session.scalars(sa.select(Case).where(Case.reference == referred)).one()
        note = add_note(uow, case, case.id, "Mme Diallo, au 12", kind="referred_to")
        act(uow, world.book, referred, "refer", unit_id=None, interaction_id=note)
    # then
    shown = admin.get(f"{AT}/qualite").text
    assert _row(shown, "Éclairage") == ("4", "2", "0")
    address = re.search(r'href="([^"]+/qualite/\d+[^"]*)">\d+</a> Éclairage', shown)
    read = admin.get(address[1].replace("&amp;", "&") if address else "").text
    assert "Transmise à un autre organisme" in read and "Diallo" not in read


def test_the_past_proposes_what_people_did_and_a_draft_takes_it(
    admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    for reference in _cases(world, sessions, clock, 4):
        _by_hand(world, sessions, clock, reference, "voirie")
    clock.at += timedelta(hours=1)
    shown = admin.get(f"{AT}/apprentissage").text
    offered = re.findall(r'name="proposal" value="([^"]+)"', shown)
    assert offered == [f"ECLA-01||{world.services['voirie']}"] and "100 %" in shown
    answer = admin.post(f"{AT}/apprentissage", proposal=offered[0])
    assert "Ajoutée" in admin.get(answer.headers["Location"]).text


def test_what_another_body_had_is_proposed_to_be_transmitted(
    admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    for reference in _cases(world, sessions, clock, 4):
        _by_hand(world, sessions, clock, reference, "voirie")
    with sessions.begin() as session:
        session.execute(sa.update(Unit).where(Unit.code == "voirie").values(operation="external"))
    clock.at += timedelta(hours=1)
    answer = admin.post(f"{AT}/apprentissage", proposal=f"ECLA-01||{world.services['voirie']}")
    assert "Transmettre à Voirie" in admin.get(answer.headers["Location"]).text
