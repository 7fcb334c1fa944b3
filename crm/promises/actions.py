"""What a person decides of promises: which calendar the centre goes by, how they want to be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.foundation import PARIS, Conflict, Invalid, UnitOfWork, clean
from crm.promises.again import clocks_to_reckon
from crm.promises.calendars import calendar_in_force, usable
from crm.promises.choices import KINDS_TO_MUTE
from crm.promises.events import CalendarPublished, NoticeChoicesChanged
from crm.promises.models import MAIL_RHYTHMS, CalendarVersion, NoticeChoice


def publish_calendar(uow: UnitOfWork, written: Mapping[str, Any], *, note: str, seen_version: int) -> int:
    """Go by another calendar from now on; the clocks that run are reckoned again behind. Returns its version.

    Raises:
        CalendarError: nobody could work by it; names all that is wrong.
        Conflict: somebody else published one first.
        Invalid: no note, or nothing changed.
    """
    require(uow.actor, Permission.CALENDAR_MANAGE)
    usable(written, uow.now.astimezone(PARIS).date())
    why = clean(note)
    if not why:
        raise Invalid({"note": "required"})
    uow.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_PUBLISHING)))
    before = calendar_in_force(uow.session)
    if before.version != seen_version:
        raise Conflict(seen=seen_version, current=before.version)
    version = before.version + 1
    uow.session.add(
        CalendarVersion(
            version=version,
            written=dict(written),
            note=why,
            made_at=uow.now,
            made_by_id=uow.actor.id,
            to_reckon=clocks_to_reckon(uow.session, version, uow.now),
        )
    )
    uow.record(CalendarPublished(subject_id=version, version=version))
    return version


_PUBLISHING = 7_305_220_195  # one at a time


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
