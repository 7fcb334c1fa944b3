"""Reminders given when their hour has come, each once: what says so commits with what is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases import CaseState
from crm.foundation import UnitOfWork
from crm.promises.case_facts import CaseFacts
from crm.promises.clocks import Clock, Nature, Reckoning, clocks_of
from crm.promises.facts import facts_of
from crm.promises.keeping import forget_gone, kept_clocks, write_clocks
from crm.promises.models import CaseClock
from crm.promises.notices import agents_holding, tell
from crm.promises.reminding import Mark, passed
from crm.staff import Agent

A_ROUND = 200
_K = cast(sa.Table, CaseClock.__table__).c
Hold = Callable[[UnitOfWork, CaseFacts], bool]


@dataclass(slots=True)
class Reminded:
    """Args:
    cases: how many were looked at.
    agents: those whose open pages are to be told.
    """

    cases: int = 0
    agents: set[int] = field(default_factory=set)


def give_reminders(uow: UnitOfWork, by: Reckoning, hold: Hold | None = None) -> Reminded:
    """One round. Facts are read afresh: what was done a moment ago reminds nobody.

    Args:
        hold: tells the usager that the date announced will not be kept, and says whether it did; without it,
            somebody is asked to.
    """
    require(uow.actor, Permission.CLOCKS_KEEP)
    due = (
        sa.select(_K.case_id)
        .where(_K.next_at <= uow.now)
        .order_by(_K.next_at)
        .limit(A_ROUND)
        .with_for_update(skip_locked=True)
    )
    found = set(uow.session.scalars(due))
    done = Reminded(cases=len(found))
    if not found:
        return done
    kept = kept_clocks(uow.session, found)
    facts = facts_of(uow.session, found)
    made: dict[int, list[Clock]] = {}
    for id_, one in facts.items():
        told = [passed(clock, one, by, uow.now) for clock in clocks_of(one, by, kept.get(id_, {}))]
        made[id_] = [clock for _mark, clock in told]
        come = [(mark, clock) for mark, clock in told if mark is not None]
        done.agents |= _remind_of(uow, one, come, hold)
    write_clocks(uow.session, facts, made)
    forget_gone(uow, kept, made)
    return done


def _remind_of(
    uow: UnitOfWork, facts: CaseFacts, come: list[tuple[Mark, Clock]], hold: Hold | None
) -> set[int]:
    """Whoever is to be told two things of one case at one moment is told the more pressing; that nobody wrote
    to its usager is told alone."""
    told: set[int] = set()
    for mark, clock in sorted(come, key=lambda one: _PRESSING.index((one[1].nature, one[0]))):
        told |= set(_remind(uow, facts, clock, mark, hold, told))
    return told


def _remind(
    uow: UnitOfWork, facts: CaseFacts, clock: Clock, mark: Mark, hold: Hold | None, told: set[int]
) -> list[int]:
    if (clock.nature is Nature.ANSWER and _knows_better(facts)) or (
        clock.nature is Nature.FIRST_ANSWER and told
    ):
        return []
    is_near = (clock.nature, mark) == (Nature.ANSWER, Mark.NEARLY)
    if is_near and hold is not None and _may_hold(facts) and hold(uow, facts):
        return []
    who = set(_WHOM[clock.nature, mark](uow, facts)) - told
    return tell(uow, who, f"{clock.nature}_{mark}", facts.case_id, clock.due_at)


def _may_hold(facts: CaseFacts) -> bool:
    """Nobody is told of a delay while we wait for them, or once the work is done and the answer is being
    written."""
    return facts.is_told and facts.state not in {CaseState.WAITING_REQUESTER, CaseState.RESOLVED}


def _knows_better(facts: CaseFacts) -> bool:
    """Its usager was told of a later date: until the work is done, they expect nothing before it."""
    return facts.set_by == "delay" and facts.state is not CaseState.RESOLVED


def _in_charge(uow: UnitOfWork, facts: CaseFacts) -> list[int]:
    """Whoever took it; once they have left, or while nobody has, who leads the unit."""
    mine = sa.select(Agent.id).where(Agent.id == facts.accepted_by_id, Agent.is_active)
    found = list(uow.session.scalars(mine)) if facts.accepted_by_id is not None else []
    return found or _leads(uow, facts)


def _leads(uow: UnitOfWork, facts: CaseFacts) -> list[int]:
    """Of its unit; the supervisors while it has none, or nobody leads it here."""
    found = agents_holding(uow.session, "team_lead", facts.unit_id) if facts.unit_id is not None else []
    return found or _supervisors(uow, facts)


def _supervisors(uow: UnitOfWork, _facts: CaseFacts) -> list[int]:
    return agents_holding(uow.session, "supervisor")


def _may_tell(uow: UnitOfWork, facts: CaseFacts) -> list[int]:
    """Who leads the unit tells of a delay; the answer, once the work is done, is the centre's."""
    return _supervisors(uow, facts) if facts.state is CaseState.RESOLVED else _leads(uow, facts)


def _may_write(uow: UnitOfWork, facts: CaseFacts) -> list[int]:
    return _supervisors(uow, facts) if facts.state is CaseState.RESOLVED else _in_charge(uow, facts)


# The more pressing first.
_WHOM: Mapping[tuple[Nature, Mark], Callable[[UnitOfWork, CaseFacts], list[int]]] = {
    (Nature.RESOLUTION, Mark.OVERDUE): _supervisors,
    (Nature.ANSWER, Mark.OVERDUE): _supervisors,
    (Nature.RESOLUTION, Mark.DUE): _leads,
    (Nature.ANSWER, Mark.DUE): _may_tell,
    (Nature.ACCEPTANCE, Mark.DUE): _supervisors,
    (Nature.ANSWER, Mark.NEARLY): _may_tell,
    (Nature.RESOLUTION, Mark.NEARLY): _in_charge,
    (Nature.RESOLUTION, Mark.HALF): _in_charge,
    (Nature.FIRST_ANSWER, Mark.DUE): _may_write,
}
_PRESSING = tuple(_WHOM)
