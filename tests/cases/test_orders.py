"""A demand that asks several units for work, and still gives one answer."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm import cases
from crm.cases import BounceReason, Case, CaseState, Outcome
from crm.cases.orders import (
    NewOrder,
    Order,
    OrderPlan,
    OrderReport,
    OrderState,
    Passed,
    accept_order,
    ask_order,
    finish_order,
    one_order,
    order_counts,
    order_page,
    orders_of,
    plan_order,
    secure_order,
    send_back_order,
    withdraw_order,
)
from crm.foundation import (
    SYSTEM,
    Conflict,
    EventRow,
    IllegalStep,
    Invalid,
    UnitOfWork,
    Units,
)
from crm.interactions import exchanges
from tests import given
from tests.acting import act, in_days, message, report
from tests.given import Town


@pytest.fixture
def reference(uow: UnitOfWork, town: Town) -> str:
    return given.open_case(uow, town.book, CaseState.IN_PROGRESS)


def _ask(uow: UnitOfWork, town: Town, reference: str, unit: int = 0, **told: object) -> int:
    usual = {"key": uuid4().hex, "unit_id": unit or town.lighting, "work": "Couper le courant du mât."}
    return ask_order(uow, town.book, reference, NewOrder(**{**usual, **told}))  # type: ignore[arg-type]


def _order(uow: UnitOfWork, reference: str, number: int = 1) -> Order:
    uow.session.flush()
    return one_order(uow.session, SYSTEM, reference, number)


def _case(uow: UnitOfWork, reference: str) -> Case:
    uow.session.flush()
    return uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()


def _done(uow: UnitOfWork, reference: str, number: int = 1) -> None:
    finish_order(
        uow,
        reference,
        number,
        report=OrderReport(outcome=Outcome.DONE, text="Courant coupé."),
        seen_version=_order(uow, reference, number).version,
    )


def _facts(uow: UnitOfWork, *kinds: str) -> list[str]:
    uow.write_events()
    wanted = sa.select(EventRow.kind).where(EventRow.kind.in_(kinds)).order_by(EventRow.id)
    return list(uow.session.scalars(wanted))


def test_an_order_is_asked_accepted_planned_and_done(uow: UnitOfWork, town: Town, reference: str) -> None:
    number = _ask(uow, town, reference, due_on=in_days(uow, 2))
    accept_order(uow, reference, number, seen_version=1)
    plan = OrderPlan(planned_on=in_days(uow, 1), slot="morning", crew="Équipe 2")
    plan_order(uow, reference, number, plan=plan, seen_version=_order(uow, reference).version)
    _done(uow, reference)
    order = _order(uow, reference)
    assert (order.state, order.outcome, order.crew) == (OrderState.DONE, "F", "Équipe 2")
    assert (order.work, order.ended_with) == ("Couper le courant du mât.", "Courant coupé.")
    told = ("order.asked", "order.accepted", "order.planned", "order.done", "case.work_ended")
    assert _facts(uow, *told) == list(told)
    assert {said.direction for said in exchanges(uow.session, order.case_id)} == {"internal"}


def test_the_same_form_twice_is_one_order(uow: UnitOfWork, town: Town, reference: str) -> None:
    assert _ask(uow, town, reference, key="k" * 20) == _ask(uow, town, reference, key="k" * 20) == 1
    assert len(orders_of(uow.session, _case(uow, reference).id)) == 1


def test_a_case_is_not_resolved_while_work_is_left_and_says_when_none_is(
    uow: UnitOfWork, town: Town, reference: str
) -> None:
    _ask(uow, town, reference)
    _ask(uow, town, reference, town.town_hall)
    _done(uow, reference, 1)
    assert _case(uow, reference).work_ended_at is None
    with pytest.raises(Invalid) as refusal:
        act(uow, town.book, reference, "resolve")
    assert refusal.value.fields == {"outcome": "orders_open"}
    # when the last one is taken back, with its motive
    withdraw_order(uow, reference, 2, motive="Plus utile.", seen_version=1)
    case = _case(uow, reference)
    assert (case.order_count, case.open_order_count, case.work_ended_at) == (1, 0, uow.now)
    line = cases.queue_page(uow.session, SYSTEM, "interventions-faites", uow.now)
    assert [one.reference for one in line] == [reference]
    assert cases.queue_counts(uow.session, SYSTEM, ("interventions-faites",), uow.now) == {
        "interventions-faites": 1
    }
    resolved = act(uow, town.book, reference, "resolve")
    assert (resolved.state, resolved.work_ended_at) == (CaseState.RESOLVED, None)


def test_a_unit_with_one_order_counts_apart_what_has_just_ended(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        reference = given.open_case(uow, town.book)
        _ask(uow, town, reference)
        _done(uow, reference)
    lead = given.actor("team_lead", unit=town.roads)
    with units.begin(lead) as uow:
        views = ("nouvelles", "interventions-faites", "en-retard")
        found = cases.queue_counts(uow.session, lead, views, uow.now)
        assert found == {"nouvelles": 1, "interventions-faites": 1, "en-retard": 0}
        other = given.actor("team_lead", unit=town.lighting)
        assert cases.queue_counts(uow.session, other, views, uow.now)["interventions-faites"] == 0


@pytest.mark.parametrize("verb", ["close", "cancel"])
def test_the_end_of_the_case_withdraws_what_is_still_open_and_says_so(
    uow: UnitOfWork, town: Town, verb: str
) -> None:
    reference = given.open_case(uow, town.book, CaseState.ASSIGNED)
    _ask(uow, town, reference)
    _ask(uow, town, reference, town.town_hall)
    _done(uow, reference, 2)
    act(uow, town.book, reference, verb)
    states = [one.state for one in orders_of(uow.session, _case(uow, reference).id)]
    assert states == [OrderState.WITHDRAWN, OrderState.DONE]
    assert _facts(uow, "order.dropped") == ["order.dropped"]
    assert _case(uow, reference).open_order_count == 0
    with pytest.raises(IllegalStep):
        accept_order(uow, reference, 1, seen_version=_order(uow, reference, 1).version)


def test_taking_the_answer_back_gives_the_work_back(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        reference = given.open_case(uow, town.book, CaseState.ASSIGNED)
        _ask(uow, town, reference)
        accept_order(uow, reference, 1, seen_version=1)
    with units.begin(given.actor("advisor", id=7)) as uow:
        held = cases.Ending(outcome=Outcome.DONE, answer=message(held_seconds=15))
        version = _case(uow, reference).version
        cases.close_case(uow, reference, ending=held, seen_version=version)
    with units.begin(given.actor("advisor", id=7)) as uow:
        said = sa.select(EventRow.data).where(EventRow.kind == "case.closed")
        message_id = uow.session.scalars(said).one()["interaction_id"]
        cases.undo_act(uow, reference, message_id)
        assert _order(uow, reference).state is OrderState.ACCEPTED
        assert _case(uow, reference).open_order_count == 1


def test_made_safe_is_not_repaired(uow: UnitOfWork, town: Town, reference: str) -> None:
    _ask(uow, town, reference)
    secure_order(uow, reference, 1, planned_on=in_days(uow, 5), report="Barrières posées.", seen_version=1)
    order = _order(uow, reference)
    assert (order.state, order.made_safe_at, order.ended_at) == (OrderState.PLANNED, uow.now, None)
    assert _case(uow, reference).open_order_count == 1


def test_a_unit_sends_back_with_a_reason(uow: UnitOfWork, town: Town, reference: str) -> None:
    _ask(uow, town, reference)
    wrong = {"reason": BounceReason.WRONG_UNIT, "seen_version": 1}
    with pytest.raises(Invalid):
        send_back_order(uow, reference, 1, motive="  ", **wrong)  # type: ignore[arg-type]
    send_back_order(uow, reference, 1, motive="C’est au concessionnaire.", **wrong)  # type: ignore[arg-type]
    assert _order(uow, reference).ended_with == "C’est au concessionnaire."
    assert _facts(uow, "order.sent_back", "case.work_ended") == ["order.sent_back", "case.work_ended"]


def test_sent_back_while_another_is_open_the_lead_is_called(
    uow: UnitOfWork, town: Town, reference: str
) -> None:
    for _twice in range(2):
        _ask(uow, town, reference)
    assert _case(uow, reference).needs_at is None
    told = {"reason": BounceReason.WRONG_UNIT, "motive": "Au concessionnaire.", "seen_version": 1}
    send_back_order(uow, reference, 1, **told)  # type: ignore[arg-type]
    assert _case(uow, reference).needs_at == uow.now and not _facts(uow, "case.work_ended")


def test_proof_is_asked_where_the_category_asks_for_it(uow: UnitOfWork, town: Town) -> None:
    given.category(uow, "PROP-01", evidence=True)
    given.routing(uow, {"category_code": "PROP-01", "unit_id": town.roads})
    reference = given.open_case(uow, given.rulebook(uow), category_code="PROP-01")
    _ask(uow, town, reference)
    with pytest.raises(Invalid) as refusal:
        _done(uow, reference)
    assert refusal.value.fields == {"no_photo": "photo_or_reason"}
    told = OrderReport(outcome=Outcome.DONE, text="Nettoyé.", no_photo="Il faisait nuit.")
    finish_order(uow, reference, 1, report=told, seen_version=1)
    assert _order(uow, reference).state is OrderState.DONE


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"unit": 999_999}, {"unit_id": "unknown"}),
        ({"work": " \u202e "}, {"work": "required"}),
        ({"due_on": date(2020, 1, 1)}, {"due_on": "past"}),
        ({"due_on": date(2040, 1, 1)}, {"due_on": "too_far_away"}),
    ],
)
def test_what_an_order_lacks_is_said(
    uow: UnitOfWork, town: Town, reference: str, told: dict[str, object], wrong: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        _ask(uow, town, reference, **told)  # type: ignore[arg-type]
    assert refusal.value.fields == wrong


def test_no_work_is_asked_of_a_case_that_nobody_leads_or_that_is_answered(
    uow: UnitOfWork, town: Town
) -> None:
    for state in (CaseState.REGISTERED, CaseState.RESOLVED, CaseState.CLOSED):
        with pytest.raises(IllegalStep):
            _ask(uow, town, given.open_case(uow, town.book, state))


def test_two_at_once_are_told_apart_by_the_version(uow: UnitOfWork, town: Town, reference: str) -> None:
    _ask(uow, town, reference)
    accept_order(uow, reference, 1, seen_version=1)
    uow.session.flush()
    with pytest.raises(Conflict):
        withdraw_order(uow, reference, 1, motive="Trop tard.", seen_version=1)
    with pytest.raises(Invalid):
        plan_order(uow, reference, 1, plan=OrderPlan(planned_on=in_days(uow, -1)), seen_version=2)


def test_the_list_comes_by_day_and_page_by_page(uow: UnitOfWork, town: Town, reference: str) -> None:
    for days in (3, 1, 2):
        _ask(uow, town, reference, due_on=in_days(uow, days))
    today = in_days(uow, 0)
    first = order_page(uow.session, SYSTEM, "a-prendre", today, limit=2)
    assert [order.number for order in first] == [2, 3]
    after = Passed(first[-1].due_on, first[-1].id)
    from_there = order_page(uow.session, SYSTEM, "toutes", today, after=after, limit=2)
    assert [order.number for order in from_there] == [1]
    assert order_counts(uow.session, SYSTEM, ("toutes", "prevues", "en-retard"), in_days(uow, 2)) == {
        "toutes": 3,
        "prevues": 0,
        "en-retard": 1,
    }


def test_a_simple_case_stays_simple(uow: UnitOfWork, town: Town, reference: str) -> None:
    case = act(uow, town.book, reference, "resolve", report=report())
    assert (case.state, case.order_count) == (CaseState.RESOLVED, 0)
    assert _facts(uow, "case.work_ended") == []
