"""Every figure is what one would count by hand, and opens the list of exactly its cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState
from crm.foundation import PARIS, FrozenClock, NotAllowed, UnitOfWork
from crm.interactions import Interaction, Message, SendingState, queue_message
from crm.reporting import (
    AGES,
    FIGURES,
    FILES,
    Moments,
    Which,
    calls_at_risk,
    moments,
    receipts_not_sent,
    unkept,
    waiting,
    waiting_cases,
)
from tests import given
from tests.acting import act, message
from tests.given import Town

_OPEN_STATES = [state for state in CaseState if state not in {CaseState.CLOSED, CaseState.CANCELLED}]
SUPERVISOR = given.actor("supervisor")


@pytest.fixture
def town(uow: UnitOfWork) -> Town:
    return given.town(uow)


@pytest.fixture
def later(clock: FrozenClock, uow: UnitOfWork, town: Town) -> Moments:
    """Three weeks of demands in every state, some urgent, some contested; seen on the last morning."""
    uow.write_events()
    start = clock.at
    for day, state in enumerate([*_OPEN_STATES, CaseState.CLOSED, *_OPEN_STATES, CaseState.CANCELLED]):
        uow.now = start + timedelta(days=day, hours=day % 5)
        told = {} if state is CaseState.REGISTERED else {"category_code": ("VOIR-01", "ECLA-01")[day % 2]}
        reference = given.open_case(uow, town.book, state, **told)
        if day % 4 == 0:
            case = uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()
            case.priority = 1
    ended = given.open_case(uow, town.book, CaseState.CLOSED)
    act(uow, town.book, ended, "reopen")
    return moments(town.book.calendar, start + timedelta(days=20))


def _count(uow: UnitOfWork, condition: sa.ColumnElement[bool]) -> int:
    uow.session.flush()
    return uow.session.scalar(sa.select(sa.func.count()).where(Case.closed_at.is_(None), condition)) or 0


def test_each_figure_is_what_a_plain_count_says(uow: UnitOfWork, later: Moments) -> None:
    board, at = waiting(uow.session, SUPERVISOR, later), later
    working = Case.state.in_(
        ["assigned", "in_progress", "scheduled", "waiting_requester", "waiting_third_party"]
    )
    assert board.figures == {
        "retard": _count(uow, sa.and_(working, Case.due_at < at.now)),
        "bientot": _count(uow, sa.and_(working, Case.due_at >= at.now, Case.due_at < at.soon)),
        "urgences": _count(uow, sa.and_(Case.priority == 1, Case.state.in_(["registered", "assigned"]))),
        "rouvertes": _count(uow, Case.reopen_count > 0),
        "contestees": _count(uow, sa.and_(Case.contested_at.is_not(None), Case.state != "resolved")),
    }
    assert board.figures["retard"] > 0 and board.figures["bientot"] > 0 and board.figures["urgences"] > 0
    assert sum(pile.waiting for pile in board.files) == _count(uow, sa.true())
    bounds = [at.now + timedelta(days=99), at.one, at.five, at.ten, datetime(1900, 1, 1, tzinfo=UTC)]
    for column, (until, since) in enumerate(pairwise(bounds)):
        counted = _count(uow, sa.and_(Case.received_at >= since, Case.received_at < until))
        assert sum(pile.ages[column] for pile in board.files) == counted


def test_each_figure_opens_the_list_of_its_cases(uow: UnitOfWork, later: Moments) -> None:
    board = waiting(uow.session, SUPERVISOR, later)

    def listed(**which: object) -> int:
        found = waiting_cases(uow.session, SUPERVISOR, Which(**which), later)  # type: ignore[arg-type]
        return len(found)

    for figure in FIGURES:
        assert listed(figure=figure) == board.figures[figure]
    for pile in board.files:
        assert [listed(file=pile.key, age=age) for age in AGES] == list(pile.ages)
        assert listed(file=pile.key, figure="retard") == pile.late
    for pile in board.units:
        assert listed(unit_id=pile.key) == pile.waiting
        assert listed(unit_id=pile.key, figure="bientot") == pile.soon


def test_every_open_state_stands_in_one_queue() -> None:
    assert sorted(state for states in FILES.values() for state in states) == sorted(_OPEN_STATES)


def test_a_team_lead_sees_the_part_of_their_unit(uow: UnitOfWork, later: Moments, town: Town) -> None:
    lead = given.actor("team_lead", unit=town.roads)
    mine = waiting(uow.session, lead, later)
    whole = waiting(uow.session, SUPERVISOR, later)
    assert [pile.key for pile in mine.units] == [town.roads]
    assert mine.units == [pile for pile in whole.units if pile.key == town.roads]
    assert all(line.unit_id == town.roads for line in waiting_cases(uow.session, lead, Which(), later))
    with pytest.raises(NotAllowed):
        unkept(uow.session, lead, later)
    with pytest.raises(NotAllowed):
        waiting(uow.session, given.actor("advisor"), later)


@pytest.mark.parametrize(
    ("today", "oldest"),
    [
        (datetime(2026, 9, 15, 10, tzinfo=PARIS), (14, 8, 1)),  # a Tuesday; ten days: from 1 September
        (datetime(2026, 9, 13, 10, tzinfo=PARIS), (10, 4, 28)),  # a Sunday: one working day since Thursday
    ],
)
def test_ages_are_told_in_working_days(town: Town, today: datetime, oldest: tuple[int, int, int]) -> None:
    at = moments(town.book.calendar, today)
    assert tuple(moment.astimezone(PARIS).day for moment in (at.one, at.five, at.ten)) == oldest


def test_receipts_and_calls_that_are_owed(uow: UnitOfWork, town: Town, later: Moments) -> None:
    now = later.now
    ids = []
    for kind, channel, promised in (
        ("registration", "email", None),
        ("registration", "letter", None),
        ("answer", "email", None),
        ("answer", "phone", now + timedelta(minutes=30)),
        ("answer", "phone", now + timedelta(hours=3)),
        ("answer", "phone", None),
    ):
        reference = given.open_case(uow, town.book)
        case = uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()
        from_now = message(kind, channel=channel, recipient="+33639980001", promised_at=promised)
        ids.append(_queued(uow, case, from_now, now - timedelta(days=9)))
    owed = unkept(uow.session, SUPERVISOR, later)
    assert (owed.receipts, owed.calls) == (2, 2)
    assert [line.channel for line in receipts_not_sent(uow.session, SUPERVISOR)] == ["email", "letter"]
    assert len(calls_at_risk(uow.session, SUPERVISOR, later)) == 2
    sent = sa.update(Interaction).where(Interaction.id == ids[0])
    uow.session.execute(sent.values(state=SendingState.SENT, sent_at=now))
    assert unkept(uow.session, SUPERVISOR, later).receipts == 1


def _queued(uow: UnitOfWork, case: Case, told: Message, at: datetime) -> int:
    held, uow.now = uow.now, at
    message_id = queue_message(uow, case, case.id, told)
    uow.now = held
    return message_id
