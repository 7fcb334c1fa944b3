"""One problem, many callers: the banner, the list, the page, the count, the end."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.cases import (
    Case,
    CaseState,
    Following,
    close_case,
    declare_incident,
    follow_case,
    undo_act,
)
from crm.cases.together.counting import Tally, contacts_by_channel, incidents, tally
from crm.foundation import SYSTEM, Delivery, EventRow, FrozenClock, Sessions, UnitOfWork, Units
from crm.reactions import REACTIONS
from tests import given
from tests.acting import ending, message, version
from tests.web.agents import Browser
from tests.web.world import World
from workers.jobs.run import do_deliveries

Enter = Callable[[str], Browser]
SAY = "Panne connue rue des Lilas, réparée avant ce soir."


def _units(sessions: Sessions, clock: FrozenClock) -> Units:
    return Units(sessions, clock, REACTIONS)


@pytest.fixture
def leak(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    """A declared incident: three people, two channels."""
    reference = world.case(sessions, clock, CaseState.ASSIGNED)
    with _units(sessions, clock).begin(SYSTEM) as uow:
        for number, channel in enumerate(("phone", "web")):
            who = given.contact(uow, family_name=f"Lopez{number}", email=f"lopez{number}@exemple.fr")
            told = {"contact_id": who, "answer_channel": "email", "said": "Moi aussi."}
            follow_case(uow, reference, Following(key=f"{number}" * 20, channel=channel, **told))  # type: ignore[arg-type]
        declare_incident(uow, reference, announcement=SAY, valid_until=uow.now + timedelta(hours=4))
    return reference


def _page(browser: Browser) -> str:
    text = browser.get("/console/incidents").text
    start = text.index("/console/incidents/")
    return text[start : text.index('"', start)]


def test_agents_see_what_to_say_before_a_word_is_typed(log_in: Enter, leak: str) -> None:
    entry = log_in("advisor").get("/console/demandes/nouvelle").text
    assert SAY in entry and leak in entry and "Incident connu" in entry.replace("\xa0", " ")
    assert SAY not in log_in("lighting").get("/console/demandes/nouvelle").text, "not of its unit"


def test_people_are_counted_once_and_the_incident_for_one(
    log_in: Enter, leak: str, sessions: Sessions, clock: FrozenClock
) -> None:
    with sessions() as session:
        (line,) = incidents(session, SYSTEM, clock.now())
        assert (line.contacts, line.reference) == (3, leak)
        assert contacts_by_channel(session, line.case_id) == {"phone": 2, "web": 1}
        assert tally(session, SYSTEM) == Tally(incidents=1, contacts=3)
    boss = log_in("supervisor")
    board = boss.get("/console/tableau").text
    assert "Incident en cours, 3 contacts" in board.replace("\xa0", " ")
    listed = boss.get("/console/incidents").text
    assert leak in listed and SAY in listed
    page = boss.get(_page(boss)).text
    assert "3 contacts, un incident" in page.replace("\xa0", " ") and "Site internet" in page


def test_a_list_taken_away_counts_people_and_says_which_were_an_incident(log_in: Enter, leak: str) -> None:
    sheet = log_in("supervisor").get("/console/files/toutes/export.csv").get_data(as_text=True)
    heading, *lines = csv.reader(io.StringIO(sheet.lstrip("\ufeff")), delimiter=";")
    assert [dict(zip(heading, line, strict=True))["Contacts"] for line in lines if leak in line] == ["3"]
    assert [dict(zip(heading, line, strict=True))["Incident"] for line in lines if leak in line] == ["oui"]


def test_an_incident_is_within_the_reach_of_its_demand(log_in: Enter, leak: str) -> None:
    page = _page(log_in("team_lead"))
    assert log_in("lighting").get(page).status_code == 404
    assert log_in("lighting").post(f"{page}/fin").status_code == 404
    assert log_in("field_agent").post(f"{page}/fin").status_code == 404
    lead = log_in("team_lead")
    asked = lead.post(f"{page}/fin")
    assert asked.status_code == 422 and "Oui, terminer sans rien dire" in asked.text
    assert "3 personnes attendent une nouvelle" in asked.text
    assert lead.post(f"{page}/fin", silent="1").status_code == 303
    assert "terminé" in log_in("team_lead").get(page).text
    assert SAY not in log_in("advisor").get("/console/demandes/nouvelle").text


def _over(sessions: Sessions) -> list[int]:
    """Deliveries that tell everybody of the end."""
    with sessions() as session:
        return list(session.scalars(sa.select(Delivery.id).where(Delivery.job == "tell_incident_over")))


def _tell(app: Flask, sessions: Sessions) -> None:
    do_deliveries(app.extensions["crm"], _over(sessions))


def test_its_end_is_said_to_everybody_and_the_demand_goes_on(
    app: Flask, log_in: Enter, leak: str, sessions: Sessions, clock: FrozenClock
) -> None:
    boss = log_in("supervisor")
    page = _page(boss)
    refused = boss.post(f"{page}/fin", told="x" * 601)
    assert refused.status_code == 422 and "x" * 601 in refused.text, "nothing typed is lost"
    read = boss.post(f"{page}/apercu", told="La conduite est réparée.")
    assert read.status_code == 200 and "2 personnes" in read.text and "Ce que chacun lira" in read.text
    assert read.text.count("La conduite est réparée.") >= 2 and not _over(sessions)
    assert boss.post(f"{page}/fin", told="La conduite est réparée.").status_code == 303
    _tell(app, sessions)
    after = boss.get(page).text
    assert "Ce qui a été dit à la fin" in after and "La conduite est réparée." in after
    assert "message pour 3 personnes" in after.replace("\xa0", " ")
    assert [one for one in _kinds(sessions, clock) if "over" in one or "ended" in one] == [
        "incident.over_said",
        "incident.ended",
    ]
    with sessions() as session:
        job = sa.select(Delivery.job).join(EventRow).where(EventRow.kind == "incident.over_said")
        assert session.scalars(job).all() == ["tell_incident_over"]
        state = session.scalar(sa.text("SELECT state FROM cases WHERE reference = :r"), {"r": leak})
    assert state == "assigned"


@pytest.mark.parametrize("held_back", [{"answer_channel": "none"}, {"readers": ["r:supervisor"]}])
def test_who_was_told_of_the_end_is_not_guessed(
    app: Flask, log_in: Enter, leak: str, sessions: Sessions, held_back: dict[str, Any]
) -> None:
    """Whoever asked first wants no answer; or the demand is restricted, and somebody calls them alone."""
    with sessions.begin() as session:
        session.execute(sa.update(Case).where(Case.reference == leak).values(**held_back))
    boss = log_in("supervisor")
    page = _page(boss)
    read = boss.post(f"{page}/apercu", told="C’est réparé.").text
    assert "La personne qui a demandé d’abord" not in read
    boss.post(f"{page}/fin", told="C’est réparé.")
    assert "aucun message n’est parti" in boss.get(page).text
    _tell(app, sessions)
    after = boss.get(page).text.replace("\xa0", " ")
    assert f"message pour {'2 personnes' if 'answer_channel' in held_back else '1 personne<'}" in after


def test_the_answer_to_everybody_ends_it_and_taken_back_it_goes_on(
    leak: str, sessions: Sessions, clock: FrozenClock
) -> None:
    advisor = given.actor("advisor", id=7)
    with _units(sessions, clock).begin(advisor) as uow:
        said = ending(answer=message(held_seconds=15), to_followers="C’est réparé.")
        close_case(uow, leak, ending=said, seen_version=version(uow, leak))
    assert _kinds(sessions, clock) == ["incident.declared", "incident.ended"]
    with _units(sessions, clock).begin(advisor) as uow:
        undo_act(uow, leak, _answer(uow))
    assert _kinds(sessions, clock)[-1] == "incident.restored"
    with sessions() as session:
        assert tally(session, SYSTEM).incidents == 1


def _answer(uow: UnitOfWork) -> int:
    closed = sa.select(EventRow.data).where(EventRow.kind == "case.closed")
    return int(uow.session.scalars(closed).one()["interaction_id"])


def _kinds(sessions: Sessions, clock: FrozenClock) -> list[str]:
    with sessions() as session:
        query = sa.select(EventRow.kind).where(EventRow.kind.like("incident.%")).order_by(EventRow.id)
        return list(session.scalars(query))
