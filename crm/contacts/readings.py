"""Who opened whose sheet. Kept once for each reader, sheet and hour: enough to answer « who looked? », and a
screen opened again all day long does not drown the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.contacts.models import Contact, ContactReading
from crm.foundation import Actor, Invalid, UnitOfWork, clean

READING_MOTIVES = ("present", "called", "colleague", "doubt", "other")
OPEN_MINUTES = 30
_AT_ONCE = 5_000
_LONGEST = 300

_R = ContactReading


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One line of the log; `motive` when the sheet was outside the reader's perimeter."""

    id: int
    contact_id: int
    actor_kind: str
    actor_id: int
    read_at: datetime
    page: str
    motive: str
    words: str


def keep_reading(uow: UnitOfWork, contact_id: int, page: str) -> None:
    """One statement. Whoever calls has asked whether it may be read."""
    row = _row(uow, contact_id, page)
    same_hour = insert(_R).values(row).on_conflict_do_nothing()
    uow.session.execute(same_hour.execution_options(synchronize_session=False))


def keep_motive(uow: UnitOfWork, contact_id: int, motive: str, words: str) -> None:
    """Opens the sheet to the actor for a while, though it is outside their perimeter.

    Raises:
        Invalid: `motive` → `unknown`; `words` → `required` where the motive says nothing.
    """
    require(uow.actor, Permission.CONTACT_VIEW)
    if motive not in READING_MOTIVES:
        raise Invalid({"motive": "unknown"})
    if motive == "other" and not clean(words):
        raise Invalid({"words": "required"})
    until = uow.now + timedelta(minutes=OPEN_MINUTES)
    told = {"motive": motive, "words": clean(words)[:_LONGEST], "open_until": until}
    uow.session.execute(sa.insert(_R).values(_row(uow, contact_id, "sheet") | told))


def is_open_to(session: Session, actor: Actor, contact_id: int, now: datetime) -> bool:
    """Did they say why, a little while ago?"""
    said = sa.exists().where(
        _R.contact_id == contact_id,
        _R.actor_kind == actor.kind,
        _R.actor_id == (actor.id or 0),
        _R.motive != "",
        _R.open_until > now,
    )
    return bool(session.scalar(sa.select(said)))


def readings(
    session: Session,
    *,
    contact_id: int | None = None,
    agent_id: int | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[ReadingLine]:
    """The latest first: of a sheet and of those merged into it, of an agent, or all that needed a motive."""
    query = sa.select(
        _R.id, _R.contact_id, _R.actor_kind, _R.actor_id, _R.read_at, _R.page, _R.motive, _R.words
    )
    if contact_id is not None:
        theirs = sa.or_(Contact.id == contact_id, Contact.merged_into_id == contact_id)
        query = query.where(_R.contact_id.in_(sa.select(Contact.id).where(theirs)))
    if agent_id is not None:
        query = query.where(_R.actor_kind == "agent", _R.actor_id == agent_id)
    if contact_id is None and agent_id is None:
        query = query.where(_R.motive != "")
    if before_id is not None:
        query = query.where(_R.id < before_id)
    return [ReadingLine(*row) for row in session.execute(query.order_by(_R.id.desc()).limit(limit))]


def forget_readings(uow: UnitOfWork, older_than: timedelta) -> int:
    """Returns how many went."""
    require(uow.actor, Permission.DELIVERY_MANAGE)
    old = sa.select(_R.id).where(_R.read_at < uow.now - older_than).limit(_AT_ONCE)
    gone = sa.delete(_R).where(_R.id.in_(old)).returning(_R.id)
    return len(uow.session.execute(gone.execution_options(synchronize_session=False)).all())


def _row(uow: UnitOfWork, contact_id: int, page: str) -> dict[str, object]:
    return {
        "contact_id": contact_id,
        "actor_kind": uow.actor.kind,
        "actor_id": uow.actor.id or 0,
        "hour": uow.now.replace(minute=0, second=0, microsecond=0),
        "read_at": uow.now,
        "page": page,
    }
