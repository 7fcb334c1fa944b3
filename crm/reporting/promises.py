"""What was promised to usagers and has not left: receipts, and calls back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, not_barred, require_everywhere
from crm.cases import Case, readable_exchanges
from crm.foundation import Actor, Delivery, EventRow
from crm.interactions import CallReason, Interaction, SendingState
from crm.reporting.calls import COUNTED
from crm.reporting.moments import Moments

_I = cast(sa.Table, Interaction.__table__).c
_C = cast(sa.Table, Case.__table__).c
_WHEN = _I.created_at.type


@dataclass(frozen=True, slots=True)
class Unkept:
    """How many receipts have not left, and how many calls back are late or will be within the hour.

    Args:
        ended: of today's calls that made no demand, motive → how many, in the order of the motives' keys.
    """

    receipts: int
    calls: int
    ended: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UnkeptPromise:
    """Args:
    state: of the message; `parked` when it could not even be written.
    """

    reference: str
    since: datetime
    promised_at: datetime | None
    channel: str
    state: str
    error: str | None


def _state(*states: SendingState) -> sa.ColumnElement[bool]:
    """Written into the statement: a partial index serves a constant, not a parameter."""
    return _I.state.in_([sa.literal_column(f"'{state}'") for state in states])


_RECEIPT = sa.and_(
    sa.or_(
        sa.and_(_state(SendingState.QUEUED, SendingState.FAILED)),
        sa.and_(_state(SendingState.TO_PRINT)),
    ),
    _I.kind == "registration",
)
_PARKED = sa.and_(Delivery.parked_at.is_not(None), Delivery.job == "acknowledge")
_CALL = sa.and_(
    _state(SendingState.TO_CALL),
    sa.or_(
        sa.func.coalesce(_I.promised_until, _I.promised_at) < sa.bindparam("call", type_=_WHEN),
        sa.and_(_I.promised_at.is_(None), _I.created_at < sa.bindparam("one", type_=_WHEN)),
    ),
)


def _count(condition: sa.ColumnElement[bool], actor: Actor) -> sa.ScalarSelect[int]:
    """Of what the actor may read: a number tells as much as its list."""
    counted = sa.select(sa.func.count()).select_from(Interaction)
    return counted.where(condition, readable_exchanges(actor)).scalar_subquery()


def _parked(actor: Actor, *columns: Any) -> sa.Select[Any]:
    """Receipts put aside before they could be written."""
    return (
        sa.select(*columns)
        .select_from(Delivery)
        .join(EventRow, EventRow.id == Delivery.event_id)
        .join(Case, _C.id == EventRow.subject_id)
        .where(_PARKED, not_barred(actor, _C.id, Case.__table__))
    )


def unkept(session: Session, actor: Actor, at: Moments) -> Unkept:
    """One statement. For who has the whole house in view: a message knows no unit."""
    require_everywhere(actor, Permission.BOARD_VIEW)
    known = {"call": at.call, "one": at.one, "midnight": at.midnight}
    parked = _parked(actor, sa.func.count()).scalar_subquery()
    query = sa.select(_count(_RECEIPT, actor) + parked, _count(_CALL, actor), COUNTED)
    receipts, calls, ended = session.execute(query, known).one()
    return Unkept(receipts, calls, {reason: (ended or {}).get(reason, 0) for reason in CallReason})


_OF_MESSAGE = (
    sa.select(_C.reference, _I.created_at, _I.promised_at, _I.channel, _I.state, _I.last_error)
    .select_from(Interaction)
    .join(Case, _C.id == _I.case_id)
)


def receipts_not_sent(session: Session, actor: Actor, *, limit: int = 200) -> list[UnkeptPromise]:
    """The oldest first: still to leave, to print, or put aside before it could be written."""
    require_everywhere(actor, Permission.BOARD_VIEW)
    parked = _parked(
        actor,
        _C.reference,
        EventRow.at,
        sa.cast(sa.null(), _WHEN),
        _C.answer_channel,
        sa.literal("parked"),
        Delivery.last_error,
    )
    left = _OF_MESSAGE.where(_RECEIPT, readable_exchanges(actor))
    return _read(session, sa.union_all(left, parked).order_by(sa.text("2")), limit)


def calls_at_risk(session: Session, actor: Actor, at: Moments, *, limit: int = 200) -> list[UnkeptPromise]:
    """Promised for before an hour from now; or for no moment, and a working day old."""
    require_everywhere(actor, Permission.BOARD_VIEW)
    query = _OF_MESSAGE.where(_CALL, readable_exchanges(actor))
    ordered = query.order_by(_I.promised_at.asc().nulls_last(), _I.created_at)
    return _read(session, ordered.params(call=at.call, one=at.one), limit)


def _read(session: Session, query: Any, limit: int) -> list[UnkeptPromise]:
    return [UnkeptPromise(*row) for row in session.execute(query.limit(limit))]
