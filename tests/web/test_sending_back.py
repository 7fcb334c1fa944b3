"""« Renvoyer au centre » proposes whose it is; what came back twice is said, and told to who decides."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState
from crm.cases.usual_units import proposed_units
from crm.foundation import SYSTEM, EventRow, FrozenClock, Sessions, Units
from crm.promises import Notice, warn_of_decisions
from crm.reactions import REACTIONS
from tests.acting import act
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Opened = Callable[..., str]


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Opened:
    return lambda *state, **told: world.case(sessions, clock, *state, **told)


def _chosen(page: str, name: str) -> str:
    box = re.search(rf'<select name="{name}".*?</select>', page, re.S)
    assert box, page
    found = re.search(r'value="(\d+)" selected', box.group())
    return found.group(1) if found else ""


def test_who_sends_back_is_proposed_a_unit_and_who_qualifies_sees_it(
    log_in: Enter, world: World, opened: Opened, sessions: Sessions
) -> None:
    roads, lighting = world.services["voirie"], world.services["eclairage"]
    reference = opened(category_code="ECLA-01")
    with sessions() as session:  # entrusted to the wrong ones, by hand
        session.execute(sa.update(Case).where(Case.reference == reference).values(unit_id=roads))
        session.commit()
    lead, address = log_in("team_lead"), f"/console/demandes/{reference}"
    page = lead.get(address).text
    assert _chosen(page, "proposed_unit_id") == str(lighting)
    told = {
        "reason": "wrong_unit",
        "motive": "C’est un candélabre.",
        "seen_version": lead.form(address)["seen_version"],
    }
    own = lead.post(f"{address}/renvoi", **told, proposed_unit_id=roads)
    assert own.status_code == 422 and "C’est un candélabre." in own.text
    assert lead.post(f"{address}/renvoi", **told, proposed_unit_id=lighting).status_code == 303
    page = log_in("advisor").get(address).text
    assert _chosen(page, "unit_id") == str(lighting) and "Service proposé" in page
    listed = log_in("supervisor").get("/console/a-qualifier").text
    assert "par le service qui l’a renvoyée" in listed and f'|{lighting}"' in listed
    supervisor = log_in("supervisor")
    seen = supervisor.form(address)["seen_version"]
    supervisor.post(f"{address}/affectation", unit_id=lighting, motive="Oui.", seen_version=seen)
    with sessions() as session:
        kept = session.scalars(sa.select(EventRow.data).where(EventRow.kind == "case.bounced")).one()
    assert kept["proposed_unit_id"] == lighting
    assert "propose celui-ci" not in supervisor.get(address).text


def test_one_demand_among_many_that_went_elsewhere_proposes_nothing(
    log_in: Enter, world: World, opened: Opened, sessions: Sessions
) -> None:
    """Who sends back would otherwise seem to say what nobody thought."""
    past = [opened(CaseState.CLOSED, category_code="VOIR-01") for _ in range(3)]
    with sessions() as session:
        strayed = sa.update(Case).where(Case.reference == past[0])
        session.execute(strayed.values(unit_id=world.services["eclairage"]))
        session.commit()
    reference = opened(category_code="VOIR-01")
    assert _chosen(log_in("team_lead").get(f"/console/demandes/{reference}").text, "proposed_unit_id") == ""


def test_a_proposal_that_somebody_answered_is_over(
    world: World, opened: Opened, sessions: Sessions, clock: FrozenClock
) -> None:
    reference, lighting = opened(), world.services["eclairage"]
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        case = act(uow, world.book, reference, "bounce", proposed_unit_id=lighting)
        uow.write_events()
        assert proposed_units(uow.session, [case.id]) == {case.id: lighting}
        act(uow, world.book, reference, "route", unit_id=world.services["voirie"])
        uow.write_events()
        assert proposed_units(uow.session, [case.id]) == {}


def test_after_two_returns_the_advisor_reads_who_decides_and_the_supervisor_is_told_once(
    log_in: Enter, world: World, opened: Opened, sessions: Sessions, clock: FrozenClock
) -> None:
    reference, units = opened(), Units(sessions, clock, REACTIONS)
    supervisor = log_in("supervisor")
    assert not re.search(r"Transmissions\s*<span", supervisor.get("/console/").text)
    with units.begin(SYSTEM) as uow:
        act(uow, world.book, reference, "bounce")
        act(uow, world.book, reference, "route", unit_id=world.services["voirie"])
        assert warn_of_decisions(uow) == []
        act(uow, world.book, reference, "bounce")
    page = log_in("advisor").get(f"/console/demandes/{reference}").text
    assert "Revenue 2 fois" in page and "un superviseur décide" in page and "/affectation" not in page
    for told in ([world.ids["supervisor"]], []):
        with units.begin(SYSTEM) as uow:
            assert warn_of_decisions(uow) == told
    bell = supervisor.get("/console/notifications").text
    assert "vous décidez où elle va" in bell and reference in bell
    nav = supervisor.get("/console/transmissions?vue=a-decider").text
    assert re.search(
        r"Transmissions</\w+>\s*<\w+ class=\"[^\"]*num[^\"]*\">1<|Transmissions\s*<span[^>]*>1<", nav
    ), nav
    assert "un superviseur décide" not in supervisor.get(f"/console/demandes/{reference}").text
    with units.begin(SYSTEM) as uow:
        act(uow, world.book, reference, "route", unit_id=world.services["voirie"])
        warn_of_decisions(uow)
    with sessions() as session:
        unread = sa.select(sa.func.count()).where(Notice.kind == "to_decide", Notice.read_at.is_(None))
        assert session.scalar(unread) == 0
