"""« Où en est ma demande ? »: once per five working days, with what was done meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.cases import CaseSheet, may_ever_remind, reminder_from
from crm.foundation import PARIS
from crm.http import dates, wiring
from crm.portal.tracking.story import Line, Story

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Reminding:
    """
    Args:
        may: the resident may ask now.
        from_day: else, from which day.
        reminded_on: the day they last did; empty when they never did.
        since: the day from which `done` is told.
        done: what we did since then, latest first.
    """

    may: bool
    from_day: str
    reminded_on: str
    since: str
    done: list[Line]


def reminding(case: CaseSheet, told: Story, now: datetime) -> Reminding | None:
    """None where there is nothing to ask for: it has ended, or the resident is the one to answer."""
    if not may_ever_remind(case):
        return None
    from_day = reminder_from(wiring().rulebooks.current().calendar, case)
    since = case.contested_at or case.received_at
    return Reminding(
        may=now.astimezone(PARIS).date() >= from_day,
        from_day=dates.day(from_day),
        reminded_on=dates.day(case.reminded_at) if case.reminded_at else "",
        since=dates.day(since),
        done=[line for line in told.lines if line.ours and line.at >= since][:_SHOWN],
    )
