"""The keys that were made: who holds them, what they may do, when they served; past answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import Actor, NotFound, UnitOfWork
from crm.staff.keys import ApiAnswer, ApiKey
from crm.staff.models import Organization

_SEEN_EVERY = timedelta(hours=1)  # how precisely « dernier usage » is known: not a write for each request
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key on the screen; the key itself is not kept.

    Args:
        role: whose reach it has at the REST door, when it was given one.
        last_used_at: within the hour.
    """

    id: int
    name: str
    organization: str | None
    scopes: list[str]
    per_minute: int
    per_day: int
    role: str | None
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


_LINE: Any = sa.select(
    ApiKey.id, ApiKey.name, Organization.name, ApiKey.scopes, ApiKey.per_minute, ApiKey.per_day, ApiKey.role,
    ApiKey.created_at, ApiKey.last_used_at, ApiKey.revoked_at,
).outerjoin_from(ApiKey, Organization, Organization.id == ApiKey.organization_id)  # fmt: skip


def keys_held(session: Session, actor: Actor) -> list[KeyLine]:
    """Those that open something first, by name."""
    require(actor, Permission.KEY_CREATE)
    ordered = _LINE.order_by(ApiKey.revoked_at.is_not(None), sa.func.lower(ApiKey.name), ApiKey.id)
    return [KeyLine(*row) for row in session.execute(ordered)]


def one_key(session: Session, actor: Actor, key_id: int) -> KeyLine:
    """Raises NotFound."""
    require(actor, Permission.KEY_CREATE)
    row = session.execute(_LINE.where(ApiKey.id == key_id)).one_or_none()
    if row is None:
        raise NotFound(key=key_id)
    return KeyLine(*row)


def organizations_named(session: Session) -> list[tuple[int, str]]:
    """By name, for whom a key may be made."""
    rows = session.execute(sa.select(Organization.id, Organization.name).order_by(Organization.name))
    return [(row.id, row.name) for row in rows]


def note_key_used(uow: UnitOfWork, key_id: int) -> None:
    """It served just now. Nobody waits for it: when another request is noting the same, it is noted."""
    require(uow.actor, Permission.KEY_CREATE)
    stale = sa.or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < uow.now - _SEEN_EVERY)
    held = sa.select(ApiKey.id).where(ApiKey.id == key_id, stale).with_for_update(skip_locked=True)
    noted = sa.update(ApiKey).where(ApiKey.id.in_(held.scalar_subquery())).values(last_used_at=uow.now)
    uow.session.execute(noted.execution_options(synchronize_session=False))


def is_unnoted(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or last_used_at < now - _SEEN_EVERY


def forget_answers(uow: UnitOfWork, older_than: timedelta) -> int:
    """After that, an act sent again under the same Idempotency-Key is another act. Returns how many went."""
    require(uow.actor, Permission.DELIVERY_MANAGE)
    old = sa.select(ApiAnswer.id).where(ApiAnswer.at < uow.now - older_than).limit(_AT_ONCE)
    gone = sa.delete(ApiAnswer).where(ApiAnswer.id.in_(old)).returning(ApiAnswer.id)
    return len(uow.session.execute(gone.execution_options(synchronize_session=False)).all())
