"""Nobody's telephone rings at night, nor on Sundays, for what the programme sends by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given as examples
from hypothesis import strategies as st

from crm.foundation import PARIS, SYSTEM, Delivery, FrozenClock, Units
from crm.interactions import queue_message
from crm.interactions.quiet_hours import peace_left
from tests import given
from tests.interactions.exchanged import answer


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-09-15 08:00", "2026-09-15 08:00"),
        ("2026-09-15 19:59", "2026-09-15 19:59"),
        ("2026-09-15 20:00", "2026-09-16 08:00"),
        ("2026-09-15 07:59", "2026-09-15 08:00"),
        ("2026-09-19 20:00", "2026-09-21 08:00"),
        ("2026-09-20 12:00", "2026-09-21 08:00"),
        ("2026-10-24 23:00", "2026-10-26 08:00"),  # the clocks go back on the Sunday
        ("2026-03-28 23:00", "2026-03-30 08:00"),
    ],
)
def test_what_is_queued_at_night_leaves_in_the_morning(now: str, leaves: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=PARIS).astimezone(UTC)
    assert (at + peace_left(at)).astimezone(PARIS).replace(tzinfo=None) == datetime.fromisoformat(leaves)


@examples(st.integers(1_577_836_800, 2_208_988_800).map(lambda s: datetime.fromtimestamp(s, UTC)))
def test_whatever_the_moment_it_leaves_by_day_within_two_nights(at: datetime) -> None:
    leaves = at + peace_left(at)
    assert peace_left(leaves) == timedelta()
    assert leaves - at <= timedelta(hours=37)


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_an_agent_s_words_and_mails_do_not_wait(units: Units, clock: FrozenClock, channel: str) -> None:
    clock.at = datetime(2026, 9, 15, 22, 0, tzinfo=PARIS)
    with units.begin(given.actor("advisor", id=None)) as theirs:
        queue_message(theirs, None, 0, answer(channel, kind="opening", recipient="+33639980001"))
    with units.begin(SYSTEM) as ours:
        queue_message(ours, None, 0, answer(channel, kind="registration", recipient="+33639980001"))
    with units.reading() as session:
        dues = list(session.scalars(sa.select(Delivery.due_at).order_by(Delivery.id)))
    morning = datetime(2026, 9, 16, 8, 0, tzinfo=PARIS)
    assert dues == [clock.now(), morning if channel == "sms" else clock.now()]
