"""The clocks of one case as a screen shows them: kept or missed, by what rule, and what paused them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import CaseSheet
from crm.deadlines import Pause
from crm.foundation import Actor
from crm.promises.case_facts import CaseFacts
from crm.promises.clocks import SPOKEN, Clock, Nature
from crm.promises.facts import facts_of
from crm.promises.keeping import clock_of
from crm.promises.models import CaseClock
from crm.promises.own_calendars import calendar_names


@dataclass(frozen=True, slots=True)
class ClockSheet:
    """Args:
    verdict: kept, missed, runs, late (runs past its date) or stopped.
    calendar: the name of the one that gave its date; empty for the centre's.
    """

    clock: Clock
    verdict: str
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Promises:
    clocks: tuple[ClockSheet, ...]
    pauses: tuple[Pause, ...]


def promises_of(session: Session, actor: Actor, case: CaseSheet, now: datetime) -> Promises:
    require(actor, Permission.CASE_VIEW, case)
    rows = session.execute(sa.select(CaseClock.__table__).where(CaseClock.case_id == case.id))
    known = {clock.nature: clock for clock in map(clock_of, rows)}
    facts = facts_of(session, [case.id])[case.id]
    ordered = [known[nature] for nature in Nature if nature in known and _is_owed(known[nature], facts)]
    named = calendar_names(session, {clock.calendar_version for clock in ordered})
    lines = (
        ClockSheet(clock, verdict_of(clock, now), named.get(clock.calendar_version, "")) for clock in ordered
    )
    return Promises(tuple(lines), facts.pauses)


def _is_owed(clock: Clock, facts: CaseFacts) -> bool:
    """A receipt that was never to be sent is no promise; the demand's page tells those of the law."""
    return clock.nature is not Nature.RECEIPT or (clock.ended_at is None and facts.channel not in SPOKEN)


def verdict_of(clock: Clock, now: datetime) -> str:
    if clock.met_at is not None:
        return "kept" if clock.met_at <= clock.due_at else "missed"
    if clock.ended_at is not None:
        return "stopped"
    return "late" if clock.due_at <= now else "runs"
