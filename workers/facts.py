"""The fact a delivery follows from, as jobs read it: what happened then, never what is true now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from crm.foundation import SYSTEM, CrmError, Delivery, EventRow
from crm.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Fact:
    """Args: `delivery_id`: what must be marked done; `job`: what must be done."""

    delivery_id: int
    job: str
    kind: str
    subject_id: int
    at: datetime
    data: Mapping[str, Any]


UNDONE = (
    sa.select(Delivery.id, Delivery.job, EventRow.kind, EventRow.subject_id, EventRow.at, EventRow.data)
    .join(EventRow, EventRow.id == Delivery.event_id)
    .where(Delivery.done_at.is_(None), Delivery.parked_at.is_(None))
)


def each_undone(wired: Wiring, delivery_ids: Sequence[int]) -> Iterator[sa.Row[Any]]:
    """Each fact in turn, with no transaction open; what is asked for the next one has done with this one."""
    with wired.units.reading() as session:
        facts = session.execute(UNDONE.where(Delivery.id.in_(delivery_ids))).all()
    for fact in facts:
        yield fact
        done = sa.update(Delivery).where(Delivery.id == fact.id)
        with wired.units.begin(SYSTEM) as uow:
            uow.session.execute(done.values(done_at=uow.now, last_error=None))


def reason_of(error: BaseException) -> str:
    """A code or an exception's class: messages may name someone."""
    if isinstance(error, CrmError):
        return str(error.details.get("why") or error.details.get("reason") or error.code)
    return type(error).__name__


def is_server_lost(error: DBAPIError) -> bool:
    """The database went away, as opposed to having refused what we wrote."""
    return error.connection_invalidated or isinstance(error, OperationalError)
