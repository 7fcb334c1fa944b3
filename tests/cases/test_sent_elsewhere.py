"""What another body is competent for: corrected, reopened or transmitted, nobody is given it in silence."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm import cases
from crm.cases import BounceReason, CaseState, Correction, Rulebook
from crm.cases.orders import NewOrder, ask_order, one_order
from crm.foundation import SYSTEM, EventRow, Invalid, UnitOfWork
from tests import given
from tests.acting import act, version
from tests.given import Town

ADVISOR, SUPERVISOR = given.actor("advisor", id=1), given.actor("supervisor", id=2)


@pytest.fixture
def state_roads(uow: UnitOfWork, town: Town) -> tuple[int, Rulebook]:
    """A body of the State, competent on its roads; and the rules that say so."""
    body = given.unit(uow, "routes-etat", operation="external")
    given.routing(
        uow,
        {"category_code": "VOIR-01", "unit_id": town.roads},
        {"category_code": "ECLA-01", "unit_id": town.lighting},
        {"road_owner": "state", "decision": "refer", "unit_id": body},
        {"category_code": "VOIR-01", "road_owner": "private", "decision": "refuse", "advice": "Au syndic."},
    )
    return body, given.rulebook(uow)


def _kinds(uow: UnitOfWork, case: cases.Case) -> list[str]:
    uow.write_events()
    return list(
        uow.session.scalars(
            sa.select(EventRow.kind).where(EventRow.subject_id == case.id).order_by(EventRow.id)
        )
    )


def _correct(uow: UnitOfWork, book: Rulebook, reference: str, **told: object) -> cases.Case:
    correction = Correction(**told)  # type: ignore[arg-type]
    case = cases.edit_case(uow, book, reference, correction=correction, seen_version=version(uow, reference))
    uow.session.flush()
    return case


def test_nobody_entrusts_another_body_by_hand_it_is_transmitted_to(
    uow: UnitOfWork, state_roads: tuple[int, Rulebook]
) -> None:
    body, book = state_roads
    reference = given.open_case(uow, book)
    with pytest.raises(Invalid) as refused:
        act(uow, book, reference, "route", unit_id=body)
    assert refused.value.fields == {"unit_id": "another_body"}


@pytest.mark.parametrize("state", [CaseState.REGISTERED, CaseState.SCHEDULED])
def test_corrected_to_a_place_of_another_body_it_waits_for_somebody_to_transmit_it(
    uow: UnitOfWork, state_roads: tuple[int, Rulebook], state: CaseState
) -> None:
    body, book = state_roads
    reference = given.open_case(uow, book, state)
    case = _correct(uow, book, reference, place=given.place(road_owner="state"))
    assert (case.state, case.unit_id, case.planned_on) == (CaseState.REGISTERED, None, None)
    assert cases.body_to_tell(case) == body
    assert _kinds(uow, case)[-2:] == ["case.edited", "case.unroutable"]
    act(uow, book, reference, "refer", unit_id=body)
    cases.take_back_referred(uow, book, reference)
    assert cases.body_to_tell(case) is None  # it refused: not to be sent there again


def test_what_such_a_correction_entails_is_known_before(
    uow: UnitOfWork, state_roads: tuple[int, Rulebook]
) -> None:
    body, book = state_roads
    reference = given.open_case(uow, book)
    case = cases.one_case(uow.session, SYSTEM, reference)
    told = cases.consequences_of(book, case, Correction(place=given.place(road_owner="state")))
    assert told is not None and (told.moves, told.unit_id, told.body_id) == (True, None, body)
    assert not cases.consequences_of(book, case, Correction(place=given.place(label="14 rue des Lilas")))


def test_a_place_corrected_leaves_the_date_that_a_reopening_gave(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.CLOSED, received_at=uow.now - timedelta(days=60))
    due_at = act(uow, town.book, reference, "reopen").due_at
    case = _correct(uow, town.book, reference, place=given.place(given.NEIGHBOUR))
    assert case.due_at == due_at


@pytest.mark.parametrize("door", ["agent", "usager"])
def test_what_was_transmitted_and_comes_back_is_nobodys_yet(
    uow: UnitOfWork, state_roads: tuple[int, Rulebook], door: str
) -> None:
    _body, book = state_roads
    reference = given.open_case(uow, book, place=given.place(road_owner="state"))
    if door == "agent":
        case = act(uow, book, reference, "reopen")
    else:
        case = cases.contest_case(uow, book, reference, "Toujours pas fait.")
    uow.session.flush()
    assert (case.state, case.unit_id, case.responsible_insee) == (CaseState.REGISTERED, None, None)


def test_what_came_back_twice_is_corrected_but_not_moved(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    for _time in range(2):
        act(uow, town.book, reference, "bounce", reason=BounceReason.WRONG_UNIT)
        case = act(uow, town.book, reference, "route", unit_id=town.roads)
    kept = case.routing
    uow.actor = ADVISOR
    sheet = cases.one_case(uow.session, ADVISOR, reference)
    correction = Correction(category_code="ECLA-01")
    told = cases.consequences_of(town.book, sheet, correction, may_send=False)
    assert told is not None and (told.stays, told.moves) == (True, False)
    case = _correct(uow, town.book, reference, category_code="ECLA-01")
    assert (case.category_code, case.unit_id, case.routing) == ("ECLA-01", town.roads, kept)
    uow.actor = SUPERVISOR
    assert _correct(uow, town.book, reference, category_code="VIE-01").unit_id is None
    assert _correct(uow, town.book, reference, category_code="ECLA-01").unit_id == town.lighting


def test_transmitted_it_ends_the_work_asked_for_it_and_its_incident(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    order = NewOrder(key=uuid4().hex, unit_id=town.lighting, work="Couper le courant du mât.")
    ask_order(uow, town.book, reference, order)
    cases.declare_incident(
        uow, reference, announcement="Nous savons.", valid_until=uow.now + timedelta(days=2)
    )
    case = act(uow, town.book, reference, "refer", unit_id=None)
    uow.session.expire_all()
    assert (case.open_order_count, one_order(uow.session, SYSTEM, reference, 1).state) == (0, "withdrawn")
    assert cases.incident_of(uow.session, case.id) is None
    assert {"order.dropped", "incident.ended"} <= set(_kinds(uow, case))
