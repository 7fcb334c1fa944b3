"""Keep the counters, and count again what was kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.reporting.models import EVERY_CHANNEL, HourlyVolume

KEPT_FROM = timedelta(days=31)  # what the board shows, and a day
_SLOWEST_ACT = timedelta(minutes=2)  # an act that began within an hour may commit a little after it

# The wanted lines of some hours, put in place of those that differ; tells which hours changed.
_SET = sa.text(
    """
    WITH hours AS (
      SELECT generate_series(CAST(:begin AS timestamptz), CAST(:until AS timestamptz) - interval '1 hour',
                             interval '1 hour') AS hour
    ), counted AS (
      SELECT date_trunc('hour', created_at) AS hour, channel, count(*) AS opened FROM cases
      WHERE created_at >= :begin AND created_at < :until GROUP BY 1, 2
    ), wanted AS (
      SELECT hour, channel, opened FROM counted
      UNION ALL
      SELECT hours.hour, CAST(:every AS text), coalesce(sum(counted.opened), 0)
      FROM hours LEFT JOIN counted USING (hour) GROUP BY hours.hour
    ), gone AS (
      DELETE FROM hourly_volumes v WHERE hour >= :begin AND hour < :until
      AND NOT EXISTS (SELECT FROM wanted w WHERE w.hour = v.hour AND w.channel = v.channel)
      RETURNING hour
    ), put AS (
      INSERT INTO hourly_volumes AS v (hour, channel, opened) SELECT hour, channel, opened FROM wanted
      ON CONFLICT (hour, channel) DO UPDATE SET opened = excluded.opened WHERE v.opened <> excluded.opened
      RETURNING hour
    )
    SELECT count(DISTINCT hour) FROM (SELECT hour FROM gone UNION ALL SELECT hour FROM put) AS changed
    """
).bindparams(
    sa.bindparam("begin", type_=sa.DateTime(timezone=True)),
    sa.bindparam("until", type_=sa.DateTime(timezone=True)),
    sa.bindparam("every", EVERY_CHANNEL),
)


def keep_volumes(uow: UnitOfWork) -> int:
    """Keep the hours that ended since the last one kept. Returns how many."""
    require(uow.actor, Permission.VOLUMES_KEEP)
    last = uow.session.scalar(sa.select(sa.func.max(HourlyVolume.hour)))
    begin = last + timedelta(hours=1) if last else _hour(uow.now - KEPT_FROM)
    return _set(uow, begin)


def repair_volumes(uow: UnitOfWork) -> int:
    """Count again every hour that the board may show, and mend what differs. Returns how many hours did."""
    require(uow.actor, Permission.VOLUMES_KEEP)
    return _set(uow, _hour(uow.now - KEPT_FROM))


def _set(uow: UnitOfWork, begin: datetime) -> int:
    until = _hour(uow.now - _SLOWEST_ACT)
    if begin >= until:
        return 0
    return int(uow.session.execute(_SET, {"begin": begin, "until": until}).scalar_one())


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
