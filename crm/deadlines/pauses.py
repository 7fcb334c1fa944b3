"""When a clock stands still: we asked the usager something, and what they must give us has not come. Pure.

A pause is an interval, never a number of days put aside: when a promise is due is reckoned from the pauses
each time. CRPA L114-5; docs/promises.md says the rule in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crm.deadlines.working_time import Span, WorkingTime

LONGEST_PAUSE = timedelta(days=15)
MOST_PAUSES = 2


class PauseReason(StrEnum):
    """What only the usager can give."""

    PRECISION = "precision"  # an answer to our question
    DOCUMENT = "document"  # a paper without which nothing can be decided (L114-5)
    ACCESS = "access"  # that somebody be there, or open


@dataclass(frozen=True, slots=True)
class Pause:
    """Args:
    since: when our question really left.
    until: when work began again; None while we wait.
    """

    reason: PauseReason
    since: datetime
    until: datetime | None = None


def spans_of(pauses: Sequence[Pause], longest: timedelta = LONGEST_PAUSE) -> tuple[Span, ...]:
    """What counts of them: the first two, fifteen days each at most unless more is given. One that lasts is
    taken at its longest, so that nothing is called late while we wait."""
    counted = sorted(pauses, key=lambda pause: pause.since)[:MOST_PAUSES]
    spans: list[Span] = []
    for pause in counted:
        ends = pause.since + longest
        since = max(pause.since, spans[-1][1]) if spans else pause.since
        until = min(pause.until or ends, ends)
        if since < until:
            spans.append((since, until))
    return tuple(spans)


def put_off(
    working: WorkingTime, started_at: datetime, due_at: datetime, without: Sequence[Span]
) -> datetime:
    """When it is due once pauses are taken out: as much later, in working time, as they took of the delay; to
    the end of the service of that day. What begins after the date excuses nothing.
    """
    budget = working.between(started_at, due_at)
    if working.between(started_at, due_at, without) == budget:
        return due_at
    return max(due_at, working.calendar.end_of_day(working.after(started_at, budget, without)))
