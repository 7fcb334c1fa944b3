"""A contractor does one order of a demand that others lead, by its link; contestations are counted once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import (
    Outcome,
    ReopenReason,
    WorkReport,
    accept_case,
    case_by_id,
    contest_case,
    reopen_case,
    resolve_case,
)
from crm.cases.orders import NewOrder, Order, OrderReport, ask_order, finish_order, one_order
from crm.foundation import SYSTEM, IllegalStep, Invalid, NotFound, UnitOfWork
from crm.guests import (
    Answer,
    ClosureLine,
    GuestSheet,
    Standing,
    closures_contested,
    one_link,
    revoke_link,
    send_work,
)
from crm.staff import Unit
from tests import given
from tests.acting import in_days, version
from tests.given import Town
from tests.guests.outside import answers, asking

BOSS = given.actor("supervisor", id=2)


@pytest.fixture
def reference(uow: UnitOfWork, town: Town) -> str:
    """Led by the lighting; the roads, who are a contractor, owe an order of it."""
    these = sa.update(Unit).where(Unit.id == town.roads)
    uow.session.execute(these.values(operation="contractor", email="chantier@routes.example"))
    reference = given.open_case(uow, town.book, category_code="ECLA-01")
    ask_order(
        uow, town.book, reference, NewOrder(key="o" * 24, unit_id=town.roads, work="Ouvrir la fouille.")
    )
    uow.session.flush()
    return reference


def _order(uow: UnitOfWork, reference: str) -> Order:
    uow.session.flush()
    uow.session.expire_all()
    return one_order(uow.session, SYSTEM, reference, 1)


def _sent(uow: UnitOfWork, reference: str) -> GuestSheet:
    link_id = send_work(uow, reference, asking(uow, order_id=_order(uow, reference).id))
    uow.session.flush()
    return one_link(uow.session, link_id)


def test_taken_dated_done_and_the_demand_stays_with_its_lead(
    uow: UnitOfWork, town: Town, reference: str
) -> None:
    link = _sent(uow, reference)
    assert link.unit_id == town.roads and link.order is not None and link.order.number == 1
    answers(uow, town, link, Answer.TAKEN, text="")
    answers(uow, town, link, Answer.PLANNED, text="", planned_on=in_days(uow, 3))
    order = _order(uow, reference)
    assert (order.state, order.planned_on) == ("planned", in_days(uow, 3))
    answers(uow, town, link, Answer.DONE, text="Fouille ouverte.", no_photo="De nuit.")
    order, case = _order(uow, reference), case_by_id(uow.session, link.case_id)
    assert (order.state, order.outcome) == ("done", "F") and "Fouille ouverte." in order.ended_with
    assert (case.state, case.unit_id) == ("assigned", town.lighting)
    assert case.work_ended_at is not None, "its lead may report"
    with pytest.raises(NotFound):
        answers(uow, town, link, Answer.DONE, text="Encore.")


def test_done_without_its_photo_is_refused_where_one_is_asked(
    uow: UnitOfWork, town: Town, reference: str
) -> None:
    uow.session.execute(sa.text("UPDATE categories SET evidence = true"))
    with pytest.raises(Invalid) as refusal:
        answers(uow, town, _sent(uow, reference), Answer.DONE, text="Fait.")
    assert refusal.value.fields == {"no_photo": "photo_or_reason"}


def test_refused_it_goes_back_to_the_lead(uow: UnitOfWork, town: Town, reference: str) -> None:
    answers(uow, town, _sent(uow, reference), Answer.REFUSED, text="Hors de notre marché.")
    order = _order(uow, reference)
    assert order.state == "sent_back" and "Hors de notre marché." in order.ended_with


def test_a_link_is_of_one_order_and_a_second_replaces_it(uow: UnitOfWork, town: Town, reference: str) -> None:
    first, second = _sent(uow, reference), _sent(uow, reference)
    with pytest.raises(NotFound):
        answers(uow, town, first, Answer.TAKEN)
    with pytest.raises(Invalid):
        send_work(uow, reference, asking(uow))  # the lead is no contractor
    other = given.open_case(uow, town.book)
    with pytest.raises(IllegalStep):
        send_work(uow, other, asking(uow, order_id=_order(uow, reference).id))
    revoke_link(uow, reference, second.id)
    uow.session.flush()
    assert one_link(uow.session, second.id).standing(uow.now) is Standing.OVER


def _says_done(uow: UnitOfWork, reference: str) -> None:
    report = WorkReport(outcome=Outcome.DONE, text="Fait.", no_photo="De nuit.")
    resolve_case(uow, reference, report=report, seen_version=version(uow, reference))
    uow.write_events()


def _finished(uow: UnitOfWork, reference: str) -> None:
    report = OrderReport(outcome=Outcome.DONE, text="Fait.", no_photo="De nuit.")
    finish_order(uow, reference, 1, report=report, seen_version=_order(uow, reference).version)
    uow.write_events()


def test_a_contestation_counts_once_against_the_last_report_whatever_the_door(
    uow: UnitOfWork, town: Town, reference: str
) -> None:
    since = uow.now - timedelta(days=90)
    # given: its own demand, reported, reopened by us, reported again, contested; another never contested
    own, calm = given.open_case(uow, town.book), given.open_case(uow, town.book)
    _says_done(uow, own)
    reopen_case(
        uow,
        town.book,
        own,
        reason=ReopenReason.NOT_DONE,
        motive="Vu sur place.",
        seen_version=version(uow, own),
    )
    accept_case(uow, own, seen_version=version(uow, own))
    _says_done(uow, own)
    _says_done(uow, calm)
    contest_case(uow, town.book, own, "Le trou est là.")
    uow.write_events()
    # and: its order on a demand that it then leads and reports itself
    both = given.open_case(uow, town.book)
    ask_order(uow, town.book, both, NewOrder(key="b" * 24, unit_id=town.roads, work="Ouvrir."))
    _finished(uow, both)
    _says_done(uow, both)
    contest_case(uow, town.book, both, "Rien n’a bougé.")
    uow.write_events()
    # and: its order on a demand that the lighting reports
    _finished(uow, reference)
    _says_done(uow, reference)
    contest_case(uow, town.book, reference, "Toujours éteint.")
    uow.write_events()
    # then
    assert closures_contested(uow.session, BOSS, since) == [ClosureLine(town.roads, 6, 3)]
    others = given.actor("team_lead", unit=town.lighting)
    assert closures_contested(uow.session, others, since) == [ClosureLine(town.roads, 1, 1)]
