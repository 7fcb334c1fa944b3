"""What a person decides of promises: which calendars are gone by and by whom, how they want to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.foundation import PARIS, Conflict, Invalid, NotFound, UnitOfWork, clean, fold
from crm.promises.again import expect_reckoning
from crm.promises.calendars import calendar_in_force, reckoning, usable
from crm.promises.choices import KINDS_TO_MUTE
from crm.promises.events import (
    CalendarRestored,
    CalendarRetired,
    NoticeChoicesChanged,
    UnitCalendarGiven,
)
from crm.promises.models import MAIL_RHYTHMS, NoticeChoice, OwnCalendar, UnitCalendar
from crm.promises.own_calendars import calendar_of_unit
from crm.promises.versions import (
    one_at_a_time,
    plan_version,
    planned_calendars,
    publish_version,
    withdraw_planned,
)
from crm.staff import Unit

LONGEST_NAME = 80


def publish_calendar(
    uow: UnitOfWork,
    written: Mapping[str, Any],
    *,
    note: str,
    seen_version: int,
    calendar_id: int | None = None,
    name: str = "",
    on: date | None = None,
) -> int | None:
    """Go by another calendar from now on, or from a day on; clocks that run then are reckoned again behind.

    Args:
        calendar_id: None for the centre's.
        name: of one that is not the centre's, from now on.
        on: a day to come, at midnight in Paris; None or today: at once.

    Returns:
        Its version; None while its day is to come.

    Raises:
        CalendarError: nobody could work by it; names all that is wrong.
        Conflict: somebody else published one first, or retired it; or one is to come already (`planned`).
        Invalid: no note, no name, or that of another; a day that is past.
        NotFound: no such calendar.
    """
    require(uow.actor, Permission.CALENDAR_MANAGE)
    today = uow.now.astimezone(PARIS).date()
    begins = on or today
    usable(written, max(begins, today), answers=calendar_id is None)
    one_at_a_time(uow.session)
    _nobody_came_first(uow, calendar_id, seen_version)
    why, wrong = _noted(note)
    if begins < today:
        wrong["effective_on"] = "past"
    if calendar_id is not None:
        wrong |= _named(uow, _own(uow, calendar_id), name)
    if wrong:
        raise Invalid(wrong)
    if begins > today:
        plan_version(uow, written, why, calendar_id, begins)
        return None
    return publish_version(uow, written, why, calendar_id, by=uow.actor.id)


def _nobody_came_first(uow: UnitOfWork, calendar_id: int | None, seen_version: int) -> None:
    """While one is to come nothing else is published: it would be undone on that day without a word."""
    before = calendar_in_force(uow.session, calendar_id)
    if before.version != seen_version:
        raise Conflict(seen=seen_version, current=before.version)
    if calendar_id is not None and _own(uow, calendar_id).retired_at is not None:
        raise Conflict(retired=calendar_id)
    if (planned := planned_calendars(uow.session).get(calendar_id)) is not None:
        raise Conflict(planned=planned.id)


def add_calendar(uow: UnitOfWork, name: str, written: Mapping[str, Any], *, note: str) -> int:
    """A calendar besides the centre's, that units may be given. Returns its id.

    Raises:
        CalendarError: nobody could work by it; names all that is wrong.
        Invalid: no note, no name, or that of another.
    """
    require(uow.actor, Permission.CALENDAR_MANAGE)
    usable(written, uow.now.astimezone(PARIS).date(), answers=False)
    one_at_a_time(uow.session)
    row = OwnCalendar()
    why, wrong = _noted(note)
    if wrong := wrong | _named(uow, row, name):
        raise Invalid(wrong)
    uow.session.add(row)
    uow.session.flush()
    publish_version(uow, written, why, row.id, by=uow.actor.id)
    return row.id


def retire_calendar(uow: UnitOfWork, calendar_id: int) -> None:
    """Nobody is given it any more; what it was to become is withdrawn.

    Raises:
        NotFound: no such calendar; the centre's is always there.
        Conflict: units still go by it (`own_calendar` names them).
    """
    require(uow.actor, Permission.CALENDAR_MANAGE)
    one_at_a_time(uow.session)
    row = _own(uow, calendar_id)
    followers = sa.select(UnitCalendar.unit_id).where(UnitCalendar.calendar_id == calendar_id)
    if units := uow.session.scalars(followers).all():
        raise Conflict(units=sorted(units))
    if row.retired_at is None:
        row.retired_at = uow.now
        if (planned := planned_calendars(uow.session).get(calendar_id)) is not None:
            withdraw_planned(uow, planned.id)
        uow.record(CalendarRetired(subject_id=calendar_id))


def restore_calendar(uow: UnitOfWork, calendar_id: int) -> None:
    """Raises NotFound."""
    require(uow.actor, Permission.CALENDAR_MANAGE)
    one_at_a_time(uow.session)
    row = _own(uow, calendar_id)
    if row.retired_at is not None:
        row.retired_at = None
        uow.record(CalendarRestored(subject_id=calendar_id))


def give_calendar(uow: UnitOfWork, unit_id: int, calendar_id: int | None, *, seen_id: int | None) -> None:
    """A unit goes by that calendar from now on; what it has yet to take in charge is reckoned again behind.

    Args:
        calendar_id: None for the centre's.
        seen_id: the one it went by when the actor looked.

    Raises:
        NotFound: no such unit.
        Conflict: somebody else gave it another meanwhile.
        Invalid: no such calendar, or a retired one.
    """
    require(uow.actor, Permission.CALENDAR_MANAGE)
    one_at_a_time(uow.session)
    if uow.session.get(Unit, unit_id) is None:
        raise NotFound(unit=unit_id)
    current = calendar_of_unit(uow.session, unit_id)
    if current != seen_id:
        raise Conflict(seen=seen_id, current=current)
    if calendar_id == current:
        return
    uow.session.execute(sa.delete(UnitCalendar).where(UnitCalendar.unit_id == unit_id))
    if calendar_id is not None:
        row = uow.session.get(OwnCalendar, calendar_id, populate_existing=True)
        if row is None or row.retired_at is not None:
            raise Invalid({"calendar_id": "unknown"})
        uow.session.execute(sa.insert(UnitCalendar).values(unit_id=unit_id, calendar_id=calendar_id))
    uow.record(UnitCalendarGiven(subject_id=unit_id, calendar_id=calendar_id))
    expect_reckoning(uow.session, reckoning(uow.session), uow.now)


def _own(uow: UnitOfWork, calendar_id: int) -> OwnCalendar:
    row = uow.session.get(OwnCalendar, calendar_id, populate_existing=True)
    if row is None:
        raise NotFound(calendar=calendar_id)
    return row


def _noted(note: str) -> tuple[str, dict[str, str]]:
    why = clean(note)
    return why, {} if why else {"note": "required"}


def _named(uow: UnitOfWork, row: OwnCalendar, name: str) -> dict[str, str]:
    """Give it that name, unless something is wrong with it."""
    said = clean(name)[:LONGEST_NAME]
    if not (folded := fold(said)):
        return {"name": "required"}
    known = sa.select(OwnCalendar.id).where(
        OwnCalendar.name_folded == folded, OwnCalendar.id != (row.id or 0)
    )
    if uow.session.scalar(known) is not None:
        return {"name": "name_taken"}
    row.name, row.name_folded = said, folded
    return {}


def choose_notices(
    uow: UnitOfWork, *, mail: str, wanted: frozenset[str], quiet_from: int, quiet_until: int
) -> None:
    """
    Raises:
        Invalid: an unknown rhythm, or no hour of a day.
    """
    require(uow.actor, Permission.SELF_EDIT)
    wrong: dict[str, str] = {}
    if mail not in MAIL_RHYTHMS:
        wrong["mail"] = "unknown"
    if not (0 <= quiet_from <= 23 and 0 <= quiet_until <= 23):
        wrong["quiet_from"] = "unknown"
    if wrong:
        raise Invalid(wrong)
    chosen = {
        "mail": mail,
        "muted": [kind for kind in KINDS_TO_MUTE if kind not in wanted],
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    kept = insert(NoticeChoice).values(agent_id=uow.actor.id, **chosen)
    uow.session.execute(kept.on_conflict_do_update(index_elements=["agent_id"], set_=chosen))
    uow.record(NoticeChoicesChanged(subject_id=uow.actor.id or 0))
