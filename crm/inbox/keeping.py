"""The raw content leaves the database for the storage once it is understood, and stays readable all along."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.inbox.models import Inbound, InboundRaw


@dataclass(frozen=True, slots=True)
class RawToKeep:
    inbound_id: int
    key: str
    media_type: str
    content: bytes = field(repr=False)


def raw_to_keep(session: Session, inbound_id: int) -> RawToKeep | None:
    """None when the storage has it already, or nobody has looked at it yet."""
    row = session.execute(
        sa.select(Inbound.sha256, Inbound.media_type, InboundRaw.content)
        .join(InboundRaw, InboundRaw.inbound_id == Inbound.id)
        .where(Inbound.id == inbound_id, Inbound.outcome.is_not(None))
    ).one_or_none()
    if row is None:
        return None
    ending = "eml" if row.media_type == "message/rfc822" else "bin"
    key = f"inbound/{row.sha256[:2]}/{inbound_id}-{row.sha256[:16]}.{ending}"
    return RawToKeep(inbound_id, key, row.media_type, row.content)


def raws_left_waiting(session: Session, before: datetime, limit: int = 200) -> list[int]:
    """What was settled before a moment and is still in the database."""
    left = (
        sa.select(Inbound.id)
        .join(InboundRaw, InboundRaw.inbound_id == Inbound.id)
        .where(Inbound.outcome.is_not(None), Inbound.settled_at < before)
    )
    return list(session.scalars(left.order_by(Inbound.id).limit(limit)))


def mark_kept(uow: UnitOfWork, inbound_id: int, key: str) -> None:
    """The storage has it: the database lets it go. Said twice, it is done once."""
    require(uow.actor, Permission.INBOUND_STORE)
    kept = sa.update(Inbound).where(Inbound.id == inbound_id, Inbound.key.is_(None)).values(key=key)
    uow.session.execute(kept.execution_options(synchronize_session=False))
    uow.session.execute(sa.delete(InboundRaw).where(InboundRaw.inbound_id == inbound_id))
