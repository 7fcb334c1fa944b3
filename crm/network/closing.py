"""A unit closes: what names it, what it holds, and where that goes. Never a silent black hole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import STEPS, Case, CaseState, Rulebook, route_case
from crm.cases.orders import orders_held
from crm.foundation import Actor, Invalid, UnitOfWork
from crm.routing import RuleFilter, entrust_rules, in_force, rule_total, start_draft, versions
from crm.staff import Unit, close_unit

_C = cast(sa.Table, Case.__table__).c
_MOVABLE = _C.state.in_(sorted(STEPS["route"].sources))
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class RulesNaming:
    """A version, or a draft when it has no number, and how many of its rules name the unit."""

    table_id: int
    version: int | None
    effective_at: datetime | None
    is_in_force: bool
    rules: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a unit has on its hands, counted: an administrator reads no demand.

    Args:
        by_category: code → how many open demands that can be entrusted to another unit; None: not qualified.
        answered_next: demands it has dealt with, for which the centre still owes the answer: they stay.
        orders: interventions that it owes for others' demands.
    """

    by_category: Mapping[str | None, int]
    answered_next: int
    orders: int

    @property
    def demands(self) -> int:
        return sum(self.by_category.values())

    @property
    def is_empty(self) -> bool:
        return not self.demands and not self.orders


def rules_naming(session: Session, actor: Actor, unit_id: int, now: datetime) -> list[RulesNaming]:
    """In the version in force, in those to come and in drafts."""
    cards = versions(session, actor)
    current = in_force(cards, now)
    concerned = [card for card in cards if card.is_draft or card.is_to_come(now) or card == current]
    counted = [
        RulesNaming(
            card.id,
            card.version,
            card.effective_at,
            card == current,
            rule_total(session, card.id, RuleFilter(unit_id=unit_id)),
        )
        for card in concerned
    ]
    return [one for one in counted if one.rules]


def holdings(session: Session, actor: Actor, unit_id: int) -> Holdings:
    require(actor, Permission.STAFF_MANAGE)
    open_cases = sa.and_(_C.closed_at.is_(None), _C.unit_id == unit_id)
    counted = sa.select(_C.category_code, sa.func.count()).where(open_cases, _MOVABLE)
    by_category = {row[0]: row[1] for row in session.execute(counted.group_by(_C.category_code))}
    resolved = sa.select(sa.func.count()).where(open_cases, _C.state == CaseState.RESOLVED)
    return Holdings(by_category, session.scalar(resolved) or 0, orders_held(session, unit_id=unit_id))


def wind_up_unit(
    uow: UnitOfWork, unit_id: int, *, heir_id: int | None, motive: str, with_rules: bool
) -> int | None:
    """Close a unit. What it holds decides whether it needs an heir; rules that name it may follow in a draft.

    Returns:
        The draft’s id, when rules follow.

    Raises:
        NotAllowed, NotFound.
        Conflict: it is closed already.
        Invalid: no motive; `heir_id` → `required`, `unknown`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    close_unit(uow, unit_id, heir_id=heir_id, motive=motive)
    if heir_id is None:
        if not holdings(uow.session, uow.actor, unit_id).is_empty:
            raise Invalid({"heir_id": "required"})
        return None
    if not with_rules:
        return None
    draft_id = start_draft(uow)
    entrust_rules(uow, draft_id, RuleFilter(unit_id=unit_id), unit_id=heir_id)
    return draft_id


@dataclass(frozen=True, slots=True)
class HandingOver:
    """Where what a closed unit had goes, and why, in the administrator’s words."""

    unit_name: str
    heir_id: int
    motive: str


def handing_over(session: Session, unit_id: int) -> HandingOver | None:
    """None when the unit has no heir, or was put in use again."""
    row = session.execute(
        sa.select(Unit.name, Unit.heir_id, Unit.closing_motive).where(
            Unit.id == unit_id, sa.not_(Unit.is_active), Unit.heir_id.is_not(None)
        )
    ).one_or_none()
    return HandingOver(row.name, row.heir_id, row.closing_motive) if row and row.heir_id else None


def waiting_to_go(session: Session, unit_id: int, *, after: int) -> list[tuple[int, str, int]]:
    """Id, reference and version of the next demands to hand over."""
    query = sa.select(_C.id, _C.reference, _C.version).where(
        _C.closed_at.is_(None), _C.unit_id == unit_id, _MOVABLE, _C.id > after
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(_C.id).limit(_AT_ONCE))]


def hand_over(uow: UnitOfWork, book: Rulebook, told: HandingOver, reference: str, version: int) -> None:
    """One demand goes to the heir, saying why.

    Raises:
        CrmError: it changed meanwhile; the unit of work is to be given up, and the demand taken up later.
    """
    require(uow.actor, Permission.CASE_REDISPATCH)
    motive = f"Service « {told.unit_name} » fermé. {told.motive}"
    route_case(uow, book, reference, unit_id=told.heir_id, motive=motive, seen_version=version)
