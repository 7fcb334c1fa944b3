"""A demand becomes a case: one row, routed and dated, whatever the channel."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.access import Permission, require
from crm.cases.assessment import NOWHERE, Assessment, Place, Rulebook, Said, assess
from crm.cases.events import CaseOpened, CaseReferred, CaseRefused, CaseRouted, CaseUnroutable, CaseUrgent
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.outcomes import Outcome
from crm.cases.reference import make_reference
from crm.cases.together.grid import cell_of
from crm.deadlines import URGENT
from crm.foundation import PARIS, CrmError, Invalid, UnitOfWork
from crm.routing import Decision, Reason
from crm.staff import IN_USE, is_in_use

_CASES = cast(sa.Table, Case.__table__)
# Core, made once: this stands on the path of each new case.
_OPEN = postgresql.insert(_CASES).on_conflict_do_nothing().returning(_CASES.c.id)
_BY_KEY = sa.select(_CASES.c.id, _CASES.c.reference, _CASES.c.public_token, _CASES.c.announced_due_at).where(
    _CASES.c.key == sa.bindparam("key")
)
_TOKEN_BYTES = 24  # 192 bits: nobody guesses the link of a message


class AlreadyRegistered(CrmError):
    """The same form came twice at once; the other one was quicker."""

    code = "already_registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """
    Args:
        key: the same key twice is the same demand, sent twice.
        reference: reserved beforehand, when it was already said aloud.
        received_at: when the usager addressed us, aware.
        refer_to: an agent read it and says which body is competent; the rules are then not asked.
    """

    key: str
    object: str
    channel: str
    received_at: datetime
    category_code: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    place: Place = NOWHERE
    contact_id: int | None = None
    answer_channel: str = "none"
    kind: str = "report"
    reference: str | None = None
    origin_insee: str | None = None
    refer_to: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What the door tells the person at once. `assessment` is None when the demand was known already."""

    id: int
    reference: str
    public_token: str
    announced_due_at: datetime | None
    assessment: Assessment | None


def reserve_reference(uow: UnitOfWork) -> str:
    """Take the next number, so that it can be said aloud before the demand is registered."""
    require(uow.actor, Permission.CASE_CREATE)
    return _next_reference(uow)


def _next_reference(uow: UnitOfWork) -> str:
    year = uow.now.astimezone(PARIS).year
    number = uow.session.scalar(sa.select(sa.func.next_case_number(year)))
    return make_reference(year, number or 0)


def open_case(uow: UnitOfWork, book: Rulebook, new: NewCase) -> Opened:
    """Register the demand, decide who is competent, promise a date.

    What is outside our competence is said at once: the case is closed as information given or as referred,
    so that the trace stays with us and nothing is promised that nobody will keep.

    Raises:
        AlreadyRegistered: the key is taken; roll back, then read what it made.
        Invalid: `refer_to` is no body of ours to forward to.
    """
    require(uow.actor, Permission.CASE_CREATE)
    found = _as_read(book, assess(book, _said(new)), new.refer_to)
    row = {**_told(uow, new, found), **_placed(new), **_fate(uow, book, found)}
    unit_id = row["unit_id"]
    case_id = uow.session.scalar(_OPEN if unit_id is None else _entrusting(tuple(row)), row)
    if case_id is None and unit_id is not None and not is_in_use(uow.session, unit_id):
        return open_case(uow, book.knowing_closed(unit_id), new)
    if case_id is None:
        raise AlreadyRegistered(key=new.key)
    _record(uow, case_id, new, found)
    return Opened(case_id, row["reference"], row["public_token"], row["announced_due_at"], found)


@cache
def _entrusting(columns: tuple[str, ...]) -> sa.Executable:
    """`_OPEN`, if the unit is still in use: what this process goes by may be some seconds old."""
    told = sa.select(*(sa.bindparam(name, type_=_CASES.c[name].type) for name in columns))
    kept = postgresql.insert(_CASES).from_select(columns, told.where(IN_USE.exists()))
    return kept.on_conflict_do_nothing().returning(_CASES.c.id)


def _as_read(book: Rulebook, found: Assessment, refer_to: int | None) -> Assessment:
    """
    Raises:
        Invalid: the body named is none of those we may forward to.
    """
    if refer_to is None:
        return found
    body = book.units.get(refer_to)
    if body is None or not body.is_active:
        raise Invalid({"unit_id": "unknown"})
    version = found.decision.table_version
    by_hand = Decision(kind="refer", table_version=version, reasons=(Reason("by_hand"),), unit_id=refer_to)
    return replace(found, decision=by_hand)


def opened(uow: UnitOfWork, key: str) -> Opened | None:
    """What an earlier sending of the same form made."""
    require(uow.actor, Permission.CASE_CREATE)
    row = uow.session.execute(_BY_KEY, {"key": key}).one_or_none()
    return Opened(*row, assessment=None) if row else None


def _said(new: NewCase) -> Said:
    return Said(
        category_code=new.category_code,
        object=new.object,
        answers=new.answers,
        place=new.place,
        channel=new.channel,
        received_at=new.received_at,
    )


def _told(uow: UnitOfWork, new: NewCase, found: Assessment) -> dict[str, Any]:
    return {
        "reference": new.reference or _next_reference(uow),
        "key": new.key,
        "public_token": secrets.token_urlsafe(_TOKEN_BYTES),
        "kind": new.kind,
        "channel": new.channel,
        "category_code": found.category.code if found.category else None,
        "priority": found.priority,
        "object": new.object,
        "answers": dict(new.answers),
        "received_at": new.received_at,
        "created_at": uow.now,
        "updated_at": uow.now,
        "due_at": found.due_at,
        "contact_id": new.contact_id,
        "answer_channel": new.answer_channel,
        "origin_insee": new.origin_insee,
        "organization_id": uow.actor.organization_id,
        "agent_id": uow.actor.id if uow.actor.kind == "agent" else None,
    }


def _placed(new: NewCase) -> dict[str, Any]:
    place = new.place
    return {
        "insee": place.insee,
        "sector_code": place.sector_code,
        "street_id": place.street_id,
        "address_id": place.address_id,
        "place_label": place.label,
        "place_hint": place.hint,
        "place_precision": place.precision,
        "road_owner": place.road_owner,
        "postcode": place.postcode,
        "lon": place.lon,
        "lat": place.lat,
        "cell": cell_of(place.lon, place.lat, place.insee),
    }


def _fate(uow: UnitOfWork, book: Rulebook, found: Assessment) -> dict[str, Any]:
    """State, unit and promise that follow from the decision."""
    decision = found.decision
    ended = {"closed_at": uow.now, "answered_at": uow.now, "announced_due_at": None}
    unit = book.units[decision.unit_id] if decision.unit_id is not None else None
    base = {
        "unit_id": unit.id if unit else None,
        "responsible_insee": unit.insee if unit else None,
        "routing": as_kept(decision),
        "announced_due_at": found.due_at,
    }
    if decision.kind == "refuse":
        return {**base, **ended, "state": CaseState.CLOSED, "outcome": Outcome.INFORMED}
    if decision.kind == "refer":
        return {**base, **ended, "state": CaseState.CLOSED, "outcome": Outcome.TRANSMITTED}
    return {**base, "state": CaseState.ASSIGNED if unit else CaseState.REGISTERED}


def as_kept(decision: Decision) -> dict[str, Any]:
    """The decision as it stands on the case for ever: rule, version of the table, reasons."""
    return {
        "kind": decision.kind,
        "rule_id": decision.rule_id,
        "version": decision.table_version,
        "advice": decision.advice,
        "qualify_reason": decision.qualify_reason,
        "reasons": [{"code": reason.code, "params": dict(reason.params)} for reason in decision.reasons],
    }


def _record(uow: UnitOfWork, case_id: int, new: NewCase, found: Assessment) -> None:
    category = found.category.code if found.category else None
    uow.record(
        CaseOpened(subject_id=case_id, channel=new.channel, category=category, priority=found.priority)
    )
    decision = found.decision
    if decision.kind == "refuse":
        uow.record(CaseRefused(subject_id=case_id, reason=decision.reasons[0].code))
    elif decision.unit_id is None:
        reason = decision.qualify_reason or "no_rule"
        uow.record(CaseUnroutable(subject_id=case_id, reason=reason, category=category))
    else:
        by_rule = {"rule_id": decision.rule_id, "table_version": decision.table_version}
        uow.record(CaseRouted(subject_id=case_id, unit_id=decision.unit_id, **by_rule))
        if decision.kind == "refer":
            uow.record(CaseReferred(subject_id=case_id, unit_id=decision.unit_id))
    is_heard = decision.kind == "refuse" or new.refer_to is not None  # told what to do, or read by an agent
    if found.priority == URGENT and not is_heard:
        uow.record(CaseUrgent(subject_id=case_id))
