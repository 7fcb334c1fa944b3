"""Two robots that answer each other soon fall silent; people are never held back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crm.foundation import SYSTEM, FrozenClock, UnitOfWork, Units
from crm.interactions import Message, Sent, hold_back_excess, mark_sent, one_message, queue_message
from tests.interactions.exchanged import CASE, REACH

PEOPLE = ("answer", "question")
ROBOT = "robot@elsewhere.example"


def _queued(uow: UnitOfWork, how_many: int, recipient: str = ROBOT, kind: str = "registration") -> list[int]:
    said = Message(kind=kind, channel="email", recipient=recipient, body="Bonjour.")
    return [queue_message(uow, REACH, CASE, said) for _ in range(how_many)]


def _left(uow: UnitOfWork, ids: list[int]) -> int:
    """How many leave, by the caps."""
    excess = hold_back_excess(uow, ids, by_a_person=PEOPLE)
    leaving = [one for one in ids if one not in excess]
    mark_sent(uow, [Sent(one) for one in leaving])
    return len(leaving)


def test_ten_in_ten_minutes_and_no_more(uow: UnitOfWork) -> None:
    ids = _queued(uow, 12)
    assert _left(uow, ids) == 10
    held = one_message(uow.session, ids[-1])
    assert (held.state, held.last_error) == ("cancelled", "too_many_automatic")


def test_another_address_and_what_people_write_are_not_counted(uow: UnitOfWork) -> None:
    assert _left(uow, _queued(uow, 10)) == 10
    assert _left(uow, _queued(uow, 3, recipient="ana@usagers.example")) == 3
    mark_sent(uow, [Sent(one) for one in _queued(uow, 20, "ana@usagers.example", "answer")])
    assert _left(uow, _queued(uow, 3, recipient="ana@usagers.example")) == 3


@pytest.mark.parametrize(
    ("minutes", "most"), [(9, 10), (11, 15), (31, 25), (61, 50), (181, 100)], ids="until {}".format
)
def test_the_longer_it_lasts_the_more_is_let_through(
    units: Units, clock: FrozenClock, minutes: int, most: int
) -> None:
    """Ten at each step of eleven minutes: never more in any span than its cap."""
    began: datetime = clock.now()
    left = 0
    while clock.now() - began < timedelta(minutes=minutes):
        with units.begin(SYSTEM) as uow:
            left += _left(uow, _queued(uow, 10))
        clock.at += timedelta(minutes=11)
    assert left <= most
