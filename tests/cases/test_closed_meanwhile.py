"""A unit closes while another process still believes it open: nothing comes to lie in its lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, Correction, Rulebook, contest_case, edit_case, open_case, route_case
from crm.cases.orders import NewOrder, ask_order, orders_held
from crm.foundation import SYSTEM, EventRow, Invalid, UnitOfWork
from crm.network import wind_up_unit
from crm.territory import forget
from crm.wiring import Wiring
from tests import given
from tests.given import Town
from tests.own_database import create_database, wired_to
from tests.servers import Servers
from tests.waiting import wait_until


@dataclass(frozen=True)
class Two:
    """Two processes on one database. `stale`: what the first goes by, read before anything closes."""

    here: Wiring
    there: Wiring
    town: Town
    stale: Rulebook

    def close(self, unit_id: int, heir_id: int | None) -> None:
        with self.there.units.begin(SYSTEM) as uow:
            _close(uow, unit_id, heir_id)

    def open(self, **told: object) -> Case:
        with self.here.units.begin(SYSTEM) as uow:
            opened = open_case(uow, self.stale, given.new_case(uow, **told))
        with self.here.sessions() as session:
            return session.get_one(Case, opened.id)

    def lying(self) -> int:
        open_cases = sa.select(sa.func.count()).where(
            Case.closed_at.is_(None), Case.unit_id == self.town.roads
        )
        with self.here.sessions() as session:
            return (session.scalar(open_cases) or 0) + orders_held(session, unit_id=self.town.roads)


def _close(uow: UnitOfWork, unit_id: int, heir_id: int | None) -> None:
    wind_up_unit(uow, unit_id, heir_id=heir_id, motive="Réorganisation", with_rules=False)


@pytest.fixture
def two(servers: Servers) -> Iterator[Two]:
    address = create_database(servers.database_url, "closed_meanwhile")
    here, there = (wired_to(address, servers.redis_url, servers.smtp_port) for _ in range(2))
    with there.units.begin(SYSTEM) as uow:
        town = given.town(uow)
    yield Two(here, there, town, here.rulebooks.current())
    here.close()
    there.close()
    forget()


@pytest.mark.parametrize("has_heir", [False, True])
def test_a_demand_that_comes_after_is_for_qualifying_and_nobody_bounced_it(two: Two, has_heir: bool) -> None:
    # given
    two.close(two.town.roads, two.town.lighting if has_heir else None)
    assert two.stale.units[two.town.roads].is_active
    # when
    case = two.open()
    # then: nobody is said to be in charge, nor to have refused
    assert (case.state, case.unit_id, case.bounce_count) == (CaseState.REGISTERED, None, 0)
    assert case.routing["qualify_reason"] == "unit_disabled"
    facts = sa.select(EventRow.kind).where(EventRow.subject_id == case.id, EventRow.subject_kind == "case")
    with two.here.sessions() as session:
        assert set(session.scalars(facts)) == {"case.opened", "case.unroutable"}
    assert two.open(category_code="ECLA-01").unit_id == two.town.lighting


def _by_hand(two: Two, case: Case) -> None:
    with two.here.units.begin(SYSTEM) as uow:
        route_case(uow, two.stale, case.reference, unit_id=two.town.roads, motive="À eux", seen_version=1)


def _an_order(two: Two, case: Case) -> None:
    wanted = NewOrder(key=case.key, unit_id=two.town.roads, work="Couper le courant")
    with two.here.units.begin(SYSTEM) as uow:
        ask_order(uow, two.stale, case.reference, wanted)


def _corrected(two: Two, case: Case) -> None:
    with two.here.units.begin(SYSTEM) as uow:
        edit_case(
            uow, two.stale, case.reference, seen_version=1, correction=Correction(category_code="VOIR-01")
        )


@pytest.mark.parametrize("entrust", [_by_hand, _an_order, _corrected])
def test_no_other_way_leads_there(two: Two, entrust: Callable[[Two, Case], None]) -> None:
    # given: a demand of another unit, which the first process would now entrust to the closed one
    case = two.open(category_code="ECLA-01")
    two.close(two.town.roads, None)
    # when
    try:
        entrust(two, case)
    except Invalid as refused:
        assert refused.details["fields"] == {"unit_id": "unknown"}
    # then
    assert two.lying() == 0


def test_a_closing_waits_for_what_is_being_entrusted_and_then_asks_for_an_heir(two: Two) -> None:
    with ThreadPoolExecutor(1) as pool:
        # given: a demand half registered
        with two.here.units.begin(SYSTEM) as uow:
            open_case(uow, two.stale, given.new_case(uow))
            closing: Future[None] = pool.submit(two.close, two.town.roads, None)
            wait_until(lambda: _waiting(two))
        # then
        with pytest.raises(Invalid) as refused:
            closing.result(20)
    assert refused.value.details["fields"] == {"heir_id": "required"}


def test_what_is_being_entrusted_waits_for_a_closing_and_goes_elsewhere(two: Two) -> None:
    with ThreadPoolExecutor(1) as pool:
        # given: a unit half closed
        with two.there.units.begin(SYSTEM) as uow:
            _close(uow, two.town.roads, None)
            uow.session.flush()
            opening = pool.submit(two.open)
            wait_until(lambda: _waiting(two))
        # then
        assert opening.result(20).unit_id is None and two.lying() == 0


def test_a_contested_demand_comes_back_to_nobody(two: Two) -> None:
    with two.here.units.begin(SYSTEM) as uow:
        reference = given.open_case(uow, two.stale, CaseState.CLOSED)
    two.close(two.town.roads, None)
    with two.here.units.begin(SYSTEM) as uow:
        case = contest_case(uow, two.stale, reference, "Ce n’est pas fait")
        assert (case.state, case.unit_id) == (CaseState.REGISTERED, None)


def _waiting(two: Two) -> bool:
    asked = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock'"
    )
    with two.here.sessions() as session:
        return bool(session.scalar(asked))
