"""How many cases were registered, by hour and by channel: kept hours, and what came since the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Case
from crm.foundation import PARIS
from crm.reporting.models import EVERY_CHANNEL, HourlyVolume
from crm.reporting.moments import Moments

_C = cast(sa.Table, Case.__table__).c
_V = cast(sa.Table, HourlyVolume.__table__).c
_WHEN = _V.hour.type
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HourCount:
    """Args:
    hour: of the clock in Paris, 0 to 23.
    week_before: in the same hour, a week ago.
    """

    hour: int
    opened: int
    week_before: int


@dataclass(frozen=True, slots=True)
class ChannelCount:
    channel: str
    week: int
    month: int


@dataclass(frozen=True, slots=True)
class Volumes:
    """Args:
    hours: of today, each one.
    channels: over 7 and 30 days, today's included; the busiest first.
    """

    hours: list[HourCount]
    channels: list[ChannelCount]


def volumes(session: Session, at: Moments) -> Volumes:
    """Two statements. Right at once: only hours that have ended are kept, the others are counted."""
    days = {count: _days_ago(at.midnight, count) for count in (6, 7, 29)}
    by_channel = session.execute(_BY_CHANNEL, {"since": days[29], "week": days[6]}).all()
    until = days[7] + timedelta(days=1)
    known = {"since": days[7], "until": until, "today": at.midnight}
    hours: Mapping[datetime, int] = {row.hour: row.opened for row in session.execute(_BY_HOUR, known)}
    channels = [ChannelCount(row.channel, row.week or 0, row.month) for row in by_channel]
    return Volumes(
        hours=_by_clock(hours, at.midnight),
        channels=sorted(channels, key=lambda one: (-one.month, one.channel)),
    )


def _by_clock(found: Mapping[datetime, int], midnight: datetime) -> list[HourCount]:
    """The night when clocks go back has two hours of the same name: they are told together."""
    today = midnight.date()
    counted = {day: dict.fromkeys(range(24), 0) for day in (today, today - timedelta(days=7))}
    for hour, opened in found.items():
        local = hour.astimezone(PARIS)
        if local.date() in counted:
            counted[local.date()][local.hour] += opened
    now, before = counted[today], counted[today - timedelta(days=7)]
    return [HourCount(hour, now[hour], before[hour]) for hour in range(24)]


def _days_ago(midnight: datetime, days: int) -> datetime:
    """Midnight of that day: the length of days changes twice a year, the wall clock does not."""
    return midnight - timedelta(days=days)


def _since(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(name, type_=_WHEN)


_KEPT_UNTIL = sa.select(sa.func.max(_V.hour) + _HOUR).where(_V.channel == EVERY_CHANNEL).scalar_subquery()
_LIVE_HOUR = sa.func.date_trunc("hour", _C.created_at).label("hour")
_ALL = sa.union_all(
    sa.select(_V.hour, _V.channel, _V.opened).where(_V.hour >= _since("since"), _V.channel != EVERY_CHANNEL),
    sa.select(_LIVE_HOUR, _C.channel, sa.func.count().label("opened"))
    .where(_C.created_at >= sa.func.greatest(_KEPT_UNTIL, _since("since")))
    .group_by(_LIVE_HOUR, _C.channel),
).subquery("all_hours")
_BY_CHANNEL = sa.select(
    _ALL.c.channel,
    sa.cast(sa.func.sum(_ALL.c.opened).filter(_ALL.c.hour >= _since("week")), sa.Integer).label("week"),
    sa.cast(sa.func.sum(_ALL.c.opened), sa.Integer).label("month"),
).group_by(_ALL.c.channel)
_BY_HOUR = (
    sa.select(_ALL.c.hour, sa.cast(sa.func.sum(_ALL.c.opened), sa.Integer).label("opened"))
    .where(sa.or_(_ALL.c.hour < _since("until"), _ALL.c.hour >= _since("today")))
    .group_by(_ALL.c.hour)
)
