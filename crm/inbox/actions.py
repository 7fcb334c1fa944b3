"""Keep what arrives, once, before anything is read of it."""

from __future__ import annotations

import hashlib
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.channels import Arrival
from crm.foundation import UnitOfWork
from crm.inbox.events import InboundStored
from crm.inbox.models import Inbound, InboundRaw

_ROWS = cast(sa.Table, Inbound.__table__)


def store_inbound(uow: UnitOfWork, channel: str, arrival: Arrival) -> int | None:
    """Keep an arrival as it came; a job understands it later. None when it is already kept.

    Two deliveries of the same thing at once are one: the database decides.
    """
    require(uow.actor, Permission.INBOUND_STORE)
    kept = (
        insert(_ROWS)
        .values(
            channel=channel,
            source=arrival.source,
            external_id=arrival.external_id,
            received_at=min(arrival.received_at or uow.now, uow.now),
            size=len(arrival.content),
            sha256=hashlib.sha256(arrival.content).hexdigest(),
            media_type=arrival.media_type,
            about=dict(arrival.about),
        )
        .on_conflict_do_nothing(index_elements=["channel", "external_id"])
        .returning(_ROWS.c.id)
    )
    inbound_id = uow.session.execute(kept).scalar_one_or_none()
    if inbound_id is None:
        return None
    uow.session.execute(sa.insert(InboundRaw).values(inbound_id=inbound_id, content=arrival.content))
    uow.record(InboundStored(subject_id=inbound_id, channel=channel))
    return int(inbound_id)
