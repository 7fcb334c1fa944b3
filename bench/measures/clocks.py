"""The centre and every second unit change calendars: how long until 50,000 promises are reckoned again.

It makes many cases young and open: it comes last.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta

import psycopg

from bench.house import House
from bench.plan import Plan
from bench.table import Line, judged
from crm.deadlines import Calendar
from crm.foundation import SYSTEM, SystemClock, Units, open_engine, session_factory
from crm.promises import (
    A_ROUND,
    add_calendar,
    calendar_in_force,
    calendars_in_force,
    give_calendar,
    publish_calendar,
    reckon_round,
    reckoning,
    take_up,
)
from crm.reactions import REACTIONS
from crm.staff import units_for_choice

_WANTED = 50_000
_OF_A_CASE = 2  # clocks that a rule dates and that run, at least: receipt, first answer
_LIMIT_SECONDS = 60.0


def measure(house: House, plan: Plan) -> Iterator[Line]:
    engine = open_engine(house.database_url)
    units = Units(session_factory(engine), SystemClock(), REACTIONS)
    with units.reading() as session:
        calendar = calendar_in_force(session).calendar
    with psycopg.connect(house.database_url) as connection:
        made = _young_cases(connection, calendar, _WANTED // _OF_A_CASE + 1)
    _hours_of_their_own(units)
    began = time.perf_counter()
    taken = _take_up(units)
    yield Line("clocks, cases taken up", taken, "")
    yield Line("clocks, taken up", round(taken / (time.perf_counter() - began)), "cases/s")
    began = time.perf_counter()
    running = _publish(units)
    while True:
        with units.begin(SYSTEM) as uow:
            if not reckon_round(uow, reckoning(uow.session)):
                break
    spent = time.perf_counter() - began
    engine.dispose()
    yield Line("clocks, reckoned again", running, "")
    yield judged(
        f"clocks, {_WANTED:,} reckoned again",
        spent * _WANTED / max(running, 1),
        "s",
        f"≤ {_LIMIT_SECONDS:.0f}",
        lambda seconds: seconds <= _LIMIT_SECONDS,
        0 if running >= made else 1,
    )


def _young_cases(connection: psycopg.Connection, calendar: Calendar, many: int) -> int:
    """So many cases received within the hour, open, with the date that their category gives."""
    now = SystemClock().now()
    rows = connection.execute(
        """SELECT c.id, k.delay_days, k.delay_unit FROM cases c JOIN categories k ON k.code = c.category_code
           WHERE c.unit_id IS NOT NULL AND c.priority > 1 ORDER BY c.id DESC LIMIT %s""",
        (many,),
    ).fetchall()
    drawn = random.Random(2026)
    given = []
    for id_, delay, unit in rows:
        received = now - timedelta(minutes=drawn.randrange(60))
        due = calendar.due_at(received, delay, unit, 3)
        given.append((received, due, due, id_))
    with connection.cursor() as cursor:
        cursor.executemany(
            """UPDATE cases SET state = 'assigned', channel = 'web', answer_channel = 'email',
               received_at = %s, due_at = %s, announced_due_at = %s,
               closed_at = NULL, answered_at = NULL, resolved_at = NULL,
               outcome = NULL, duplicate_of_id = NULL, no_answer_reason = NULL WHERE id = %s""",
            given,
        )
    connection.commit()
    return len(given)


def _take_up(units: Units) -> int:
    taken = 0
    while True:
        with units.begin(SYSTEM) as uow:
            taken += (many := take_up(uow, reckoning(uow.session)))
        if many < A_ROUND:
            return taken


def _hours_of_their_own(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        written = {**calendar_in_force(uow.session).written, "end_of_service": "17:00"}
        calendar_id = add_calendar(uow, "Mesure", written, note="Mesure")
        for unit in units_for_choice(uow.session)[::2]:
            give_calendar(uow, unit.id, calendar_id, seen_id=None)


def _publish(units: Units) -> int:
    """The same hours, and one more day closed in the week to come."""
    with units.reading() as session:
        calendars = list(calendars_in_force(session))
    for calendar_id in calendars:
        with units.begin(SYSTEM) as uow:
            kept = calendar_in_force(uow.session, calendar_id)
            bridge = {"on": (uow.now.date() + timedelta(days=1)).isoformat(), "label": "Pont"}
            written = {**kept.written, "closure": [*kept.written.get("closure", ()), bridge]}
            publish_calendar(
                uow, written, note="Mesure", seen_version=kept.version, calendar_id=calendar_id, name="Mesure"
            )
    with units.reading() as session:
        row = session.connection().exec_driver_sql(
            "SELECT sum(to_reckon) FROM calendar_versions WHERE reckoned_at IS NULL"
        )
        return int(row.scalar() or 0)
