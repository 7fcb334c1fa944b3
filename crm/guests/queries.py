"""Links as they are read: by the key of a mail, on a case, in the centre's lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import visible
from crm.cases import Case, CaseState
from crm.cases.orders import WorkOrder
from crm.cases.people.models import Mention
from crm.foundation import PARIS, Actor, NotFound
from crm.guests.keys import key_hash
from crm.guests.models import GuestKey, GuestLink
from crm.guests.purposes import Answer, Purpose, possible
from crm.guests.standing import Standing, standing

MOST_LISTED = 200
_LATELY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class CaseGlance:
    """What of its case a link's fate depends on."""

    reference: str
    state: CaseState
    outcome: str | None
    unit_id: int | None
    closed_at: datetime | None
    bounce_count: int


@dataclass(frozen=True, slots=True)
class OrderGlance:
    """What of its order does."""

    number: int
    unit_id: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class GuestSheet:
    """A link, whole, but for what opens it."""

    id: int
    purpose: Purpose
    case_id: int
    order_id: int | None
    unit_id: int | None
    organization: str
    email: str
    category: str
    place: str
    observed: str
    question: str
    files: Sequence[str]
    tells_usager: bool
    asked_by_id: int | None
    asked_at: datetime
    due_on: date
    ends_at: datetime
    invited_at: datetime | None
    reminded_at: datetime | None
    overdue_at: datetime | None
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    seen_count: int
    answer: Answer | None
    answered_at: datetime | None
    planned_on: date | None
    reply_id: int | None
    ended_at: datetime | None
    revoked_at: datetime | None
    case: CaseGlance
    order: OrderGlance | None

    def standing(self, now: datetime) -> Standing:
        return standing(self, self.case, now, self.order)

    @property
    def answers(self) -> tuple[Answer, ...]:
        return possible(self.purpose, self.answer)

    @property
    def last_day(self) -> date:
        return (self.ends_at - timedelta(seconds=1)).astimezone(PARIS).date()

    def is_late(self, now: datetime) -> bool:
        return self.answer is None and self.ended_at is None and self.due_on < now.astimezone(PARIS).date()


_OWN = tuple(f.name for f in fields(GuestSheet) if f.name not in {"case", "order"})
_OF_ORDER = tuple(f.name for f in fields(OrderGlance))
_OF_CASE = tuple(f.name for f in fields(CaseGlance))
_SHEET = (
    sa.select(
        *(getattr(GuestLink, name) for name in _OWN),
        *(getattr(Case, name).label(f"case_{name}") for name in _OF_CASE),
        *(getattr(WorkOrder, name).label(f"order_{name}") for name in _OF_ORDER),
    )
    .join_from(GuestLink, Case, Case.id == GuestLink.case_id)
    .outerjoin(WorkOrder, WorkOrder.id == GuestLink.order_id)
)


def sheets(session: Session, condition: sa.ColumnElement[bool], limit: int = MOST_LISTED) -> list[GuestSheet]:
    """The latest first."""
    query = _SHEET.where(condition).order_by(GuestLink.id.desc()).limit(limit)
    return [_sheet(row) for row in session.execute(query)]


def link_of_key(session: Session, key: str) -> GuestSheet | None:
    """What the key of a mail opens, or opened; None for a key that we never drew."""
    drawn = sa.select(GuestKey.link_id).where(GuestKey.key_hash == key_hash(key)).scalar_subquery()
    return next(iter(sheets(session, GuestLink.id == drawn, 1)), None)


def one_link(session: Session, link_id: int) -> GuestSheet:
    """Raises NotFound."""
    found = sheets(session, GuestLink.id == link_id, 1)
    if not found:
        raise NotFound(link=link_id)
    return found[0]


def links_of_case(session: Session, case_id: int) -> list[GuestSheet]:
    """The caller has asked whether this case may be seen."""
    return sheets(session, GuestLink.case_id == case_id)


def last_referral(session: Session, case_id: int) -> GuestSheet | None:
    """To whom the case was passed last."""
    of_case = sa.and_(GuestLink.case_id == case_id, GuestLink.purpose == Purpose.REFERRAL)
    return next(iter(sheets(session, of_case, 1)), None)


# Answered, and none of those it is for (who asked, else the supervisors) has seen it in « Pour moi ».
_FOR_SOMEBODY = sa.select(Mention.id).where(Mention.interaction_id == GuestLink.reply_id)
_UNREAD = sa.and_(_FOR_SOMEBODY.exists(), sa.not_(_FOR_SOMEBODY.where(Mention.seen_at.is_not(None)).exists()))


def _lists(now: datetime) -> Mapping[str, sa.ColumnElement[bool]]:
    today = now.astimezone(PARIS).date()
    referral, opinion = (GuestLink.purpose == one for one in (Purpose.REFERRAL, Purpose.OPINION))
    unanswered = sa.and_(GuestLink.answer.is_(None), GuestLink.ended_at.is_(None))
    is_referred = sa.and_(Case.state == CaseState.CLOSED, Case.outcome == "T")
    waiting = sa.and_(referral, unanswered, is_referred)
    lately = GuestLink.answered_at > now - _LATELY
    return {
        "attente": sa.and_(waiting, GuestLink.due_on >= today),
        "silence": sa.and_(waiting, GuestLink.due_on < today),
        "refusees": sa.and_(referral, GuestLink.answer == Answer.REFUSED, lately),
        "prises": sa.and_(referral, GuestLink.answer.in_([Answer.TAKEN, Answer.DONE]), lately),
        "avis": sa.and_(opinion, sa.or_(unanswered, _UNREAD), Case.closed_at.is_(None)),
    }


LISTS = ("attente", "silence", "refusees", "prises", "avis")


def guest_list(session: Session, actor: Actor, name: str, now: datetime) -> list[GuestSheet]:
    """One of `LISTS`, within the actor's reach: what waits longest first in time, the latest first else."""
    return sheets(session, sa.and_(_lists(now)[name], visible(actor, Case)))


def guest_counts(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """One statement for all lists."""
    wanted = _lists(now)
    counts = (sa.func.count().filter(wanted[name]).label(name) for name in LISTS)
    alive = sa.or_(GuestLink.ended_at.is_(None), GuestLink.answered_at > now - _LATELY, wanted["avis"])
    query = sa.select(*counts).select_from(GuestLink).join(Case, Case.id == GuestLink.case_id)
    return dict(session.execute(query.where(alive, visible(actor, Case))).one()._mapping)


def _sheet(row: sa.Row[Any]) -> GuestSheet:
    told = dict(row._mapping)
    case = {name: told.pop(f"case_{name}") for name in _OF_CASE}
    order = {name: told.pop(f"order_{name}") for name in _OF_ORDER}
    return GuestSheet(
        **{
            **told,
            "purpose": Purpose(told["purpose"]),
            "answer": Answer(told["answer"]) if told["answer"] else None,
        },
        case=CaseGlance(**{**case, "state": CaseState(case["state"])}),
        order=OrderGlance(**order) if told["order_id"] is not None else None,
    )
