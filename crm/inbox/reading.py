"""What waits to be sorted, and one arrival whole: for who sorts, but for demands that few may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.channels import Arrival, Receiver, Understood, Unreadable
from crm.deadlines import Calendar
from crm.foundation import Actor, NotFound
from crm.inbox.models import Inbound, InboundRaw, Outcome
from crm.inbox.reach import readable_arrivals
from crm.storage import Storage

COUNTED_UP_TO = 1000
TO_SORT = (Outcome.WAITING, Outcome.CONFIRM)
_EXCERPT = 160
FRESH = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Passed:
    """The last line of a page: the next begins after it."""

    received_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    """A line of a list."""

    id: int
    channel: str
    received_at: datetime
    sender: str
    sender_name: str
    subject: str
    excerpt: str
    outcome: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ArrivalSheet:
    """One arrival, as it is kept."""

    id: int
    channel: str
    source: str
    external_id: str
    received_at: datetime
    sent_at: datetime | None
    size: int
    media_type: str
    about: Mapping[str, str]
    key: str | None
    nature: str | None
    outcome: str | None
    reason: str | None
    sender: str
    sender_name: str
    subject: str
    text: str
    folded: str
    details: Mapping[str, Any]
    case_id: int | None
    contact_id: int | None
    interaction_id: int | None
    seen_by: int | None
    settled_at: datetime | None
    version: int

    @property
    def is_to_sort(self) -> bool:
        return self.outcome in TO_SORT

    @property
    def case_ids(self) -> tuple[int, ...]:
        """All the demands it made or joined, the first one first."""
        more = (int(one) for one in self.details.get("cases", ()))
        return tuple(dict.fromkeys((*((self.case_id,) if self.case_id else ()), *more)))


LINE = sa.select(
    Inbound.id, Inbound.channel, Inbound.received_at, Inbound.sender, Inbound.sender_name, Inbound.subject,
    sa.func.left(Inbound.text, _EXCERPT).label("excerpt"), Inbound.outcome, Inbound.reason,
)  # fmt: skip
_SHEET = sa.select(*(getattr(Inbound, name) for name in ArrivalSheet.__dataclass_fields__))
WAITS = Inbound.outcome.in_([sa.literal(str(one), literal_execute=True) for one in TO_SORT])


def arrivals_to_sort(
    session: Session, actor: Actor, *, after: Passed | None = None, limit: int = 50
) -> list[ArrivalLine]:
    """Who waits longest comes first."""
    require(actor, Permission.INBOUND_SORT)
    query = LINE.where(WAITS, readable_arrivals(actor)).order_by(Inbound.received_at, Inbound.id).limit(limit)
    if after is not None:
        place = sa.tuple_(Inbound.received_at, Inbound.id)
        query = query.where(place > sa.tuple_(sa.literal(after.received_at), sa.literal(after.id)))
    return [ArrivalLine(*row) for row in session.execute(query)]


def to_sort_count(session: Session, actor: Actor) -> int:
    """Counted no further than a screen says; from an index that holds these alone."""
    some = sa.select(Inbound.id).where(WAITS, readable_arrivals(actor)).limit(COUNTED_UP_TO + 1).subquery()
    return session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()


def one_arrival(session: Session, actor: Actor, inbound_id: int) -> ArrivalSheet:
    """Raises NotFound."""
    require(actor, Permission.INBOUND_SORT)
    row = session.execute(_SHEET.where(Inbound.id == inbound_id, readable_arrivals(actor))).one_or_none()
    if row is None:
        raise NotFound(inbound=inbound_id)
    return ArrivalSheet(*row)


def raw_of(session: Session, storage: Storage, sheet: ArrivalSheet) -> bytes:
    """The bytes as they came.

    Raises:
        NotFound: neither the database nor the storage has them.
        Unavailable: the storage does not answer.
    """
    held = session.scalar(sa.select(InboundRaw.content).where(InboundRaw.inbound_id == sheet.id))
    if held is not None:
        return held
    if sheet.key is None:
        raise NotFound(inbound=sheet.id)
    return storage.get(sheet.key)


def read_again(
    session: Session, storage: Storage, receivers: Mapping[str, Receiver], sheet: ArrivalSheet
) -> Understood | None:
    """What its adapter makes of it: files and layout are not kept beside the raw content. None: unreadable.

    Raises:
        NotFound, Unavailable: as `raw_of`.
    """
    receiver = receivers.get(sheet.channel)
    if receiver is None:
        return None
    came = Arrival(
        external_id=sheet.external_id,
        content=raw_of(session, storage, sheet),
        source=sheet.source,
        media_type=sheet.media_type,
        about=sheet.about,
    )
    try:
        return receiver.understand(came)
    except Unreadable:
        return None


def age_of(received_at: datetime, now: datetime, calendar: Calendar) -> str:
    """`fresh` for two hours, `today` until the working day after is over, then `old`. From our own clock."""
    if now - received_at < FRESH:
        return "fresh"
    return "today" if now < calendar.due_at(received_at, 1, "working_day", 3) else "old"
