"""When somebody is reminded of a clock, and of what. Pure.

At half and nine tenths of the delay, whoever has the case; on the date, who leads the unit; three working
days later, the supervisor. A unit that takes nothing in charge: the supervisor, when its working day is
over. Before a date told to the usager is missed, on it and three working days later: who can tell them so.
Once five days passed without a word from a person: whoever can write one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from crm.deadlines import URGENT
from crm.promises.case_facts import CaseFacts
from crm.promises.clocks import Clock, Nature, Reckoning

LATE_DAYS = 3
_OLD_NEWS = timedelta(hours=1)  # what had passed before the clock was first seen reminds nobody


class Mark(StrEnum):
    HALF = "half"
    NEARLY = "nearly"
    DUE = "due"
    OVERDUE = "overdue"


# A receipt reminds nobody: the programme sends it, and one that cannot leave is in « Accusés à risque ».
_MARKS: Mapping[Nature, tuple[Mark, ...]] = {
    Nature.FIRST_ANSWER: (Mark.DUE,),
    Nature.ACCEPTANCE: (Mark.DUE,),
    Nature.RESOLUTION: (Mark.HALF, Mark.NEARLY, Mark.DUE, Mark.OVERDUE),
    Nature.ANSWER: (Mark.NEARLY, Mark.DUE, Mark.OVERDUE),
}
# What is told besides, and has no object either once the clock has stopped.
_TOLD_ELSEWHERE = {Nature.ANSWER: ("silence_nears",)}
_PARTS = {Mark.HALF: 0.5, Mark.NEARLY: 0.9}


def kinds_of(nature: Nature) -> list[str]:
    """The notices that such a clock may give."""
    return [f"{nature}_{mark}" for mark in _MARKS.get(nature, ())] + list(_TOLD_ELSEWHERE.get(nature, ()))


def moments_of(clock: Clock, facts: CaseFacts, by: Reckoning) -> list[tuple[Mark, datetime]]:
    """When each of its reminders is given, in order. An emergency is watched by those on call."""
    if clock.nature is Nature.ACCEPTANCE and facts.priority == URGENT:
        return []
    return [(mark, _moment(mark, clock, facts, by)) for mark in _MARKS.get(clock.nature, ())]


def _moment(mark: Mark, clock: Clock, facts: CaseFacts, by: Reckoning) -> datetime:
    if mark is Mark.DUE:
        return clock.due_at
    if mark is Mark.OVERDUE:
        return by.calendar.working_days_later(clock.due_at, LATE_DAYS)
    if facts.priority == URGENT:
        return clock.started_at + (clock.due_at - clock.started_at) * _PARTS[mark]
    return by.working.part_of(clock.started_at, clock.due_at, _PARTS[mark], facts.spans(by.adapted))


def with_next(clock: Clock, facts: CaseFacts, by: Reckoning, now: datetime, *, is_new: bool) -> Clock:
    """The same, knowing when to look at it again; `is_new`: seen for the first time."""
    if not clock.runs or clock.nature not in _MARKS:
        return replace(clock, next_at=None)
    moments = moments_of(clock, facts, by)
    told = clock.told
    if is_new:
        told = sum(1 for _mark, at in moments if at < now - _OLD_NEWS)
    ahead = [at for _mark, at in moments[told:]]
    return replace(clock, told=told, next_at=ahead[0] if ahead else None)


def passed(clock: Clock, facts: CaseFacts, by: Reckoning, now: datetime) -> tuple[Mark | None, Clock]:
    """The last reminder whose hour has come, and the clock once it is given: who slept through three of
    them is told of one.
    """
    moments = moments_of(clock, facts, by)
    come = [mark for mark, at in moments[clock.told :] if at <= now]
    told = clock.told + len(come)
    ahead = [at for _mark, at in moments[told:]]
    after = replace(clock, told=told, next_at=ahead[0] if ahead and clock.runs else None)
    return (come[-1] if come and clock.runs else None), after
