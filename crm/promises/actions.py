"""What a person decides of promises: which calendars are gone by and by whom, how they want to be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.foundation import PARIS, Conflict, Invalid, NotFound, UnitOfWork, clean, fold
from crm.promises.again import expect_reckoning
from crm.promises.calendars import calendar_in_force, reckoning, usable
from crm.promises.choices import KINDS_TO_MUTE
from crm.promises.events import (
    CalendarPublished,
    CalendarRestored,
    CalendarRetired,
    NoticeChoicesChanged,
    UnitCalendarGiven,
)
from crm.promises.models import MAIL_RHYTHMS, CalendarVersion, NoticeChoice, OwnCalendar, UnitCalendar
from crm.promises.own_calendars import calendar_of_unit
from crm.staff import Unit

LONGEST_NAME = 80
_CHANGING = 7_305_220_195  # one at a time


def publish_calendar(
    uow: UnitOfWork,
    written: Mapping[str, Any],
    *,
    note: str,
    seen_version: int,
    calendar_id: int | None = None,
    name: str = "",
) -> int:
    """Go by another calendar from now on; the clocks that run are reckoned again behind. Returns its version.

    Args:
        calendar_id: None for the centre's.
        name: of one that is not the centre's, from now on.

    Raises:
        CalendarError: nobody could work by it; names all that is wrong.
        Conflict: somebody else published one first, or retired it.
        Invalid: no note, no name, or that of another.
        NotFound: no such calendar.
    """
    require(uow.actor, Permission.CALENDAR_MANAGE)
    usable(written, uow.now.astimezone(PARIS).date(), answers=calendar_id is None)
    _one_at_a_time(uow)
    before = calendar_in_force(uow.session, calendar_id)
    if before.version != seen_version:
        raise Conflict(seen=seen_version, current=before.version)
    why, wrong = _noted(note)
    if calendar_id is not None:
        row = _own(uow, calendar_id)
        if row.retired_at is not None:
            raise Conflict(retired=calendar_id)
        wrong |= _named(uow, row, name)
    if wrong:
        raise Invalid(wrong)
    return _publish(uow, written, why, calendar_id)


def add_calendar(uow: UnitOfWork, name: str, written: Mapping[str, Any], *, note: str) -> int:
    """A calendar besides the centre's, that units may be given. Returns its id.

    Raises:
        CalendarError: nobody could work by it; names all that is wrong.
        Invalid: no note, no name, or that of another.
    """
    require(uow.actor, Permission.CALENDAR_MANAGE)
    usable(written, uow.now.astimezone(PARIS).date(), answers=False)
    _one_at_a_time(uow)
    row = OwnCalendar()
    why, wrong = _noted(note)
    if wrong := wrong | _named(uow, row, name):
        raise Invalid(wrong)
    uow.session.add(row)
    uow.session.flush()
    _publish(uow, written, why, row.id)
    return row.id


def retire_calendar(uow: UnitOfWork, calendar_id: int) -> None:
    """Nobody is given it any more.

    Raises:
        NotFound: no such calendar; the centre's is always there.
        Conflict: units still go by it (`own_calendar` names them).
    """
    require(uow.actor, Permission.CALENDAR_MANAGE)
    _one_at_a_time(uow)
    row = _own(uow, calendar_id)
    followers = sa.select(UnitCalendar.unit_id).where(UnitCalendar.calendar_id == calendar_id)
    if units := uow.session.scalars(followers).all():
        raise Conflict(units=sorted(units))
    if row.retired_at is None:
        row.retired_at = uow.now
        uow.record(CalendarRetired(subject_id=calendar_id))


def restore_calendar(uow: UnitOfWork, calendar_id: int) -> None:
    """Raises NotFound."""
    require(uow.actor, Permission.CALENDAR_MANAGE)
    _one_at_a_time(uow)
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
    _one_at_a_time(uow)
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


def _publish(uow: UnitOfWork, written: Mapping[str, Any], why: str, calendar_id: int | None) -> int:
    """Numbered through all calendars, so that a clock's version names its calendar as well."""
    version = (uow.session.scalar(sa.select(sa.func.max(CalendarVersion.version))) or 0) + 1
    uow.session.add(
        CalendarVersion(
            version=version,
            calendar_id=calendar_id,
            written=dict(written),
            note=why,
            made_at=uow.now,
            made_by_id=uow.actor.id,
        )
    )
    uow.session.flush()
    expect_reckoning(uow.session, reckoning(uow.session), uow.now)
    uow.record(CalendarPublished(subject_id=version, version=version, calendar_id=calendar_id))
    return version


def _one_at_a_time(uow: UnitOfWork) -> None:
    uow.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHANGING)))


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
