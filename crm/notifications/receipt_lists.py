"""Receipts as supervisors read them: what is at risk, what is late, and why; the copies of one demand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from crm.access import Permission, not_barred, require
from crm.cases import Case
from crm.catalogue import Category
from crm.deadlines import ALARM, silence_decides_on
from crm.foundation import PARIS, Actor, NotFound
from crm.interactions import Interaction
from crm.interactions.models import LEFT
from crm.notifications.models import Receipt, ReceiptClock

LATELY = timedelta(days=30)
_SHOWN = 200
_K = cast(sa.Table, ReceiptClock.__table__).c
_R = cast(sa.Table, Receipt.__table__).c
_I = cast(sa.Table, Interaction.__table__).c
_C = cast(sa.Table, Case.__table__).c
_MET = sa.func.coalesce(_K.met_at, sa.case((_I.state.in_(LEFT), _I.sent_at)))


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt that is owed. `reason` is the code of what stands in the way, or made it late."""

    reference: str
    nature: str
    received_at: datetime
    due_at: datetime
    met_at: datetime | None
    unit_id: int | None
    reason: str
    error: str


_LINE = (
    sa.select(
        _C.reference, _K.nature, _K.received_at, _K.due_at, _MET.label("met_at"), _C.unit_id, _K.why,
        _K.receipt_id, _C.created_at, _I.state, _I.last_error,
    )
    .select_from(ReceiptClock.__table__)
    .join(Case.__table__, _C.id == _K.case_id)
    .outerjoin(Receipt.__table__, _R.id == _K.receipt_id)
    .outerjoin(Interaction.__table__, _I.id == _R.interaction_id)
)  # fmt: skip
_RUNS = sa.and_(_K.met_at.is_(None), _K.waived.is_(None))


def receipts_at_risk(session: Session, actor: Actor, now: datetime) -> list[ReceiptLine]:
    """The alert was given and the date is not passed: the nearest first."""
    require(actor, Permission.RECEIPT_WATCH)
    query = _LINE.where(_RUNS, _K.alert_at <= now, _K.due_at > now, _MET.is_(None), _read(actor))
    return _lines(session, query.order_by(_K.due_at, _K.case_id))


def receipt_breaches(session: Session, actor: Actor, now: datetime) -> list[ReceiptLine]:
    """Past its date and still here, or left too late these thirty days: the oldest first."""
    require(actor, Permission.RECEIPT_WATCH)
    still = _LINE.where(_RUNS, _K.due_at <= now, _K.alert_at <= now, _read(actor))
    late = _LINE.where(_K.met_at > _K.due_at, _K.due_at > now - LATELY, _read(actor))
    found = _lines(session, still.order_by(_K.due_at)) + _lines(session, late.order_by(_K.due_at))
    return [line for line in found if line.met_at is None or line.met_at > line.due_at]


def _read(actor: Actor) -> sa.ColumnElement[bool]:
    return not_barred(actor, _C.id, Case.__table__)


def _lines(session: Session, query: sa.Select[tuple[object, ...]]) -> list[ReceiptLine]:
    return [
        ReceiptLine(
            reference=row.reference,
            nature=row.nature,
            received_at=row.received_at,
            due_at=row.due_at,
            met_at=row.met_at,
            unit_id=row.unit_id,
            reason=_reason(row),
            error=row.last_error or "",
        )
        for row in session.execute(query.limit(_SHOWN))
    ]


def _reason(row: sa.Row[tuple[object, ...]]) -> str:
    if row.met_at is not None:
        return "entered_late" if row.created_at > row.due_at else "left_late"
    if row.receipt_id is None:
        return row.why or "not_made"
    return str(row.state or "not_made")


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """The copy of a receipt and how far it got."""

    reference: str
    public_token: str
    nature: str
    token: str
    channel: str
    recipient: str
    subject: str
    body: str
    sha256: str
    missing: tuple[str, ...]
    received_at: datetime
    made_at: datetime
    state: str
    left_at: datetime | None


_KEPT = (
    sa.select(
        _C.reference, _C.public_token, _R.nature, _R.token, _R.channel, _R.recipient, _R.subject, _R.body,
        _R.sha256, _R.missing, _R.received_at, _R.made_at, _I.state,
        sa.case((_I.state.in_(LEFT), _I.sent_at)).label("left_at"),
    )
    .select_from(Receipt.__table__)
    .join(Case.__table__, _C.id == _R.case_id)
    .outerjoin(Interaction.__table__, _I.id == _R.interaction_id)
)  # fmt: skip


def receipts_of_case(session: Session, case_id: int) -> list[KeptReceipt]:
    rows = session.execute(_KEPT.where(_R.case_id == case_id).order_by(_R.id))
    return [_kept(row) for row in rows]


def receipt_by_token(session: Session, token: str) -> KeptReceipt:
    """Of the link of a message. Raises NotFound."""
    row = session.execute(_KEPT.where(_R.token == token)).one_or_none()
    if row is None:
        raise NotFound()
    return _kept(row)


def _kept(row: Any) -> KeptReceipt:
    values = {**row._asdict(), "missing": tuple(row.missing), "state": row.state or ""}
    return KeptReceipt(**values)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A receipt that a demand is owed, for its page."""

    nature: str
    due_at: datetime
    met_at: datetime | None
    waived: str
    reason: str


def clocks_of_case(session: Session, case_id: int) -> list[ClockLine]:
    query = (
        sa.select(_K.nature, _K.due_at, _MET.label("met_at"), _K.waived, _K.why, _K.receipt_id, _I.state)
        .select_from(ReceiptClock.__table__)
        .outerjoin(Receipt.__table__, _R.id == _K.receipt_id)
        .outerjoin(Interaction.__table__, _I.id == _R.interaction_id)
        .where(_K.case_id == case_id)
        .order_by(_K.nature.desc())
    )
    return [
        ClockLine(r.nature, r.due_at, r.met_at, r.waived or "", str(r.state or r.why or "not_made"))
        for r in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class SilentCase:
    """An open demand that silence will decide, or has decided."""

    reference: str
    category_code: str
    regime: str
    decides_on: date
    unit_id: int | None


def decided_by_silence(
    session: Session, actor: Actor, categories: Iterable[Category], now: datetime
) -> list[SilentCase]:
    """Not answered, and silence decides within fifteen days or already has: the nearest first.

    Args:
        categories: of the catalogue; those whose silence decides nothing are left aside.
    """
    require(actor, Permission.RECEIPT_WATCH)
    known = {category.code: category for category in categories if category.decision_months}
    limit = now.astimezone(PARIS).date() + ALARM
    found: list[SilentCase] = []
    for months in sorted({category.decision_months for category in known.values()}):
        codes = [code for code, category in known.items() if category.decision_months == months]
        found += _silent(session, codes, months, limit, known, _read(actor))
    return sorted(found, key=lambda one: (one.decides_on, one.reference))


def _silent(
    session: Session,
    codes: list[str],
    months: int,
    limit: date,
    known: dict[str, Category],
    read: sa.ColumnElement[bool],
) -> list[SilentCase]:
    """A little too many are asked for, since months have no fixed length; each is then reckoned."""
    since = datetime.combine(limit - relativedelta(months=months) + timedelta(days=4), datetime.min.time())
    query = sa.select(_C.reference, _C.category_code, _C.received_at, _C.unit_id).where(
        read,
        _C.closed_at.is_(None),
        _C.answered_at.is_(None),
        _C.category_code.in_(codes),
        _C.received_at < since.replace(tzinfo=PARIS),
    )
    lines = (
        SilentCase(
            row.reference,
            row.category_code,
            known[row.category_code].decision_regime,
            silence_decides_on(row.received_at, months),
            row.unit_id,
        )
        for row in session.execute(query)
    )
    return [line for line in lines if line.decides_on <= limit]
