"""Kept counters: always what a COUNT says, mended and said when they are not."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm.cases import Case
from crm.foundation import PARIS, SYSTEM, NotAllowed, UnitOfWork
from crm.reporting import HourlyVolume, keep_volumes, moments, repair_volumes, volumes
from tests import given as told
from tests.given import Town

NOW = datetime(2026, 9, 15, 12, 40, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 9, 20, tzinfo=UTC)  # the morning after the night of 25 hours

ages = st.lists(
    st.tuples(st.integers(0, 33 * 24 * 60), st.sampled_from(["phone", "web", "desk"])), max_size=12
)


def _opened(uow: UnitOfWork, town: Town, at: datetime, channel: str = "phone") -> None:
    uow.now = at
    told.open_case(uow, town.book, channel=channel)


def _shown(uow: UnitOfWork, town: Town, now: datetime) -> tuple[list[int], list[int], dict[str, object]]:
    found = volumes(uow.session, moments(town.book.calendar, now))
    channels = {one.channel: (one.week, one.month) for one in found.channels}
    return [h.opened for h in found.hours], [h.week_before for h in found.hours], channels


def _counted(uow: UnitOfWork, now: datetime) -> tuple[list[int], list[int], dict[str, object]]:
    """The same from the cases themselves, one by one."""
    today = now.astimezone(PARIS).date()
    rows = [
        (at.astimezone(PARIS), way)
        for at, way in uow.session.execute(sa.select(Case.created_at, Case.channel))
    ]
    hours = Counter(at.hour for at, _ in rows if at.date() == today)
    before = Counter(at.hour for at, _ in rows if at.date() == today - timedelta(days=7))
    week = Counter(way for at, way in rows if at.date() > today - timedelta(days=7))
    month = Counter(way for at, way in rows if at.date() > today - timedelta(days=30))
    return (
        [hours[h] for h in range(24)],
        [before[h] for h in range(24)],
        {way: (week[way], month[way]) for way in month},
    )


@given(earlier=ages, later=ages, kept_ago=st.integers(0, 40 * 24))
@example(earlier=[(0, "web"), (40, "web"), (41, "desk")], later=[(0, "phone")], kept_ago=1)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("now", [NOW, AUTUMN], ids=["an ordinary day", "after the night of 25 hours"])
def test_what_is_shown_is_what_one_counts_whenever_it_was_kept(
    uow: UnitOfWork,
    now: datetime,
    earlier: list[tuple[int, str]],
    later: list[tuple[int, str]],
    kept_ago: int,
) -> None:
    savepoint = uow.session.begin_nested()
    town = told.town(uow)
    kept_at = now - timedelta(hours=kept_ago)
    for minutes, channel in earlier:
        _opened(uow, town, kept_at - timedelta(minutes=minutes), channel)
    uow.now = kept_at
    uow.session.flush()
    keep_volumes(uow)
    for minutes, channel in later:
        _opened(uow, town, now - timedelta(minutes=min(minutes, kept_ago * 60)), channel)
    uow.session.flush()
    assert _shown(uow, town, now) == _counted(uow, now)
    uow.now = now
    keep_volumes(uow)
    assert _shown(uow, town, now) == _counted(uow, now)
    assert repair_volumes(uow) == 0
    savepoint.rollback()


def test_a_wrong_counter_is_mended_and_said(uow: UnitOfWork) -> None:
    town = told.town(uow)
    for hours in (3, 3, 50):
        _opened(uow, town, NOW - timedelta(hours=hours))
    uow.now = NOW
    uow.session.flush()
    keep_volumes(uow)
    right = _shown(uow, town, NOW)
    stolen = sa.update(HourlyVolume).where(HourlyVolume.opened == 2).values(opened=7)
    assert uow.session.execute(stolen).rowcount == 2  # type: ignore[attr-defined]
    uow.session.add(HourlyVolume(hour=datetime(2026, 9, 14, 9, tzinfo=UTC), channel="social", opened=4))
    uow.session.flush()
    assert _shown(uow, town, NOW) != right
    assert repair_volumes(uow) == 2
    assert _shown(uow, town, NOW) == right
    assert repair_volumes(uow) == 0


def test_only_the_programme_keeps_them(uow: UnitOfWork) -> None:
    uow.actor = told.actor("supervisor")
    with pytest.raises(NotAllowed):
        keep_volumes(uow)
    uow.actor = SYSTEM
