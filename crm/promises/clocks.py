"""What was promised about a case, and whether it was kept: five clocks, derived from its facts. Pure.

docs/promises.md says in words when each begins and stops. What is kept of a clock is only what facts cannot
tell again: the calendar that gave its date, and how far its reminders got.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from crm.cases import CaseState
from crm.catalogue import Manner, coming
from crm.deadlines import (
    ADAPTED,
    URGENT,
    Adapted,
    Calendar,
    WorkingTime,
    put_off,
)
from crm.promises.case_facts import CaseFacts

RECEIPT_DAYS, FIRST_ANSWER_DAYS, ACCEPTANCE_DAYS = 1, 5, 1
URGENT_ACCEPTANCE = timedelta(minutes=30)
_UNHURRIED = 4  # a priority whose clock runs on working days
SPOKEN = coming(Manner.SPOKEN, Manner.SEEN)  # a person heard them: nothing was sent (L112-11)
_NOT_TAKEN = frozenset({CaseState.REGISTERED, CaseState.ASSIGNED})


class Nature(StrEnum):
    RECEIPT = "receipt"
    FIRST_ANSWER = "first_answer"  # by a person
    ACCEPTANCE = "acceptance"  # the unit takes it in charge
    RESOLUTION = "resolution"  # the date we work to
    ANSWER = "answer"  # the date first announced to the usager


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    nature: Nature
    started_at: datetime
    base_due_at: datetime
    due_at: datetime
    rule: str
    calendar_version: int
    met_at: datetime | None = None
    ended_at: datetime | None = None
    told: int = 0
    next_at: datetime | None = None

    @property
    def runs(self) -> bool:
        return self.met_at is None and self.ended_at is None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """By what dates are reckoned now: the centre's calendar, and those of the units that have their own.

    Args:
        version: of all calendars together, so that it names the calendar as well.
        units: unit's id → its own; the others go by the centre's.
        earlier: version → the working time it gave, of one that is in force no more.
    """

    working: WorkingTime
    version: int
    units: Mapping[int, Reckoning] = field(default_factory=dict)
    adapted: Adapted = ADAPTED
    earlier: Callable[[int], WorkingTime] | None = None

    @property
    def calendar(self) -> Calendar:
        return self.working.calendar

    def of(self, unit_id: int | None) -> Reckoning:
        return self if unit_id is None else self.units.get(unit_id, self)

    def as_of(self, version: int) -> WorkingTime:
        """By the calendar that gave a date: a later one takes nothing of it."""
        if version == self.version or self.earlier is None:
            return self.working
        return self.earlier(version)

    def bearing_on(self, nature: Nature, facts: CaseFacts) -> Reckoning:
        """What is between the centre and a unit goes by the unit's hours; what a usager is promised does not
        depend on who is competent.
        """
        return self.of(facts.unit_id) if nature is Nature.ACCEPTANCE else self

    def days(self, since: datetime, days: int) -> datetime:
        return self.calendar.due_at(since, days, "working_day", _UNHURRIED)


Kept = Mapping[Nature, Clock]


def clocks_of(facts: CaseFacts, by: Reckoning, kept: Kept) -> list[Clock]:
    """The clocks of a case as its facts have them now.

    Args:
        kept: as they were; one that goes on keeps its calendar, one that had stopped is left as it is.
    """
    drafts = (
        _receipt(facts, by),
        _first_answer(facts, by),
        _acceptance(facts, by.bearing_on(Nature.ACCEPTANCE, facts)),
        _resolution(facts, by, kept.get(Nature.RESOLUTION)),
        _answer(facts, by),
    )
    return [
        _settled(draft, facts, by.bearing_on(draft.nature, facts), kept.get(draft.nature))
        for draft in drafts
        if draft is not None
    ]


def reckoned_again(clock: Clock, facts: CaseFacts, by: Reckoning, now: datetime) -> Clock:
    """The same under another calendar. What has stopped, what is past and what a person or a message gave is
    left as it was; and no date is brought back before now: our change makes nobody late. Such a date is
    given from then on, whatever is published next.
    """
    if not clock.runs or clock.due_at <= now or clock.rule not in RECKONED:
        return clock
    by = by.bearing_on(clock.nature, facts)
    base = _REACHES[clock.rule](facts, by, clock.started_at)
    moved = _put_off(facts, by, replace(clock, base_due_at=base, calendar_version=by.version))
    return moved if moved.due_at > now else replace(clock, rule=GIVEN)


def _settled(draft: Clock, facts: CaseFacts, by: Reckoning, kept: Clock | None) -> Clock:
    """What stops is judged by the date it ran to, whatever would give it another since."""
    if kept is not None and kept.started_at == draft.started_at:
        if not kept.runs and (kept.met_at, kept.ended_at) == (draft.met_at, draft.ended_at):
            return kept
        if draft.nature is Nature.ACCEPTANCE and not draft.runs:
            draft = replace(draft, rule=kept.rule)
        if draft.nature is not Nature.RESOLUTION and kept.rule in {draft.rule, GIVEN}:
            draft = replace(draft, rule=kept.rule, base_due_at=kept.base_due_at)
        if kept.rule == draft.rule:
            draft = replace(draft, calendar_version=kept.calendar_version, told=kept.told)
    return _put_off(facts, by, draft)


def _put_off(facts: CaseFacts, by: Reckoning, clock: Clock) -> Clock:
    """Due as its pauses have it, by the calendar that gave its date: published since, another one turns
    neither a kept promise into a missed one nor a missed one into a kept one."""
    base, spans = clock.base_due_at, facts.spans(by.adapted)
    due = put_off(by.as_of(clock.calendar_version), clock.started_at, base, spans) if spans else base
    return replace(clock, due_at=due)


def _in_time(facts: CaseFacts, by: Reckoning, since: datetime) -> datetime:
    return by.calendar.due_at(since, facts.delay, facts.delay_unit, facts.priority)


def _sooner(_facts: CaseFacts, by: Reckoning, since: datetime) -> datetime:
    """To the minute, which is what people can be told."""
    usual = by.days(since, ACCEPTANCE_DAYS)
    moment = by.working.part_of(since, usual, by.adapted.acceptance_part)
    return max(since, moment.replace(second=0, microsecond=0))


# What each rule that reckons a date makes of the moment at which its clock began.
_REACHES: Mapping[str, Callable[[CaseFacts, Reckoning, datetime], datetime]] = {
    "receipt": lambda _facts, by, since: by.days(since, RECEIPT_DAYS),
    "first_answer": lambda _facts, by, since: by.days(since, FIRST_ANSWER_DAYS),
    "acceptance": lambda _facts, by, since: by.days(since, ACCEPTANCE_DAYS),
    "acceptance_adapted": _sooner,
    "acceptance_urgent": lambda _facts, _by, since: since + URGENT_ACCEPTANCE,
    "category": _in_time,
    "reopened": _in_time,
}
RECKONED = frozenset(_REACHES)
GIVEN = "given"  # none of these: imported, promised under another calendar


def _clock(
    nature: Nature, rule: str, facts: CaseFacts, by: Reckoning, since: datetime, given: datetime | None = None
) -> Clock:
    base = given or _REACHES[rule](facts, by, since)
    return Clock(
        nature=nature,
        started_at=since,
        base_due_at=base,
        due_at=base,
        rule=rule,
        calendar_version=by.version,
    )


def _receipt(facts: CaseFacts, by: Reckoning) -> Clock:
    """Not owed to who spoke to us, nor when nobody can be told."""
    clock = _clock(Nature.RECEIPT, "receipt", facts, by, facts.received_at)
    left, is_owed = (None, False) if facts.channel in SPOKEN else (facts.receipt_at, facts.is_told)
    return _stopped(clock, left, None if is_owed else facts.created_at)


def _first_answer(facts: CaseFacts, by: Reckoning) -> Clock:
    clock = _clock(Nature.FIRST_ANSWER, "first_answer", facts, by, facts.received_at)
    if facts.channel in SPOKEN:
        return replace(clock, met_at=facts.created_at)
    return _stopped(clock, facts.first_answer_at, facts.closed_at if facts.is_told else facts.created_at)


def _acceptance(facts: CaseFacts, by: Reckoning) -> Clock | None:
    """Begins anew with each unit that is given the case; a danger runs by the minute."""
    if facts.entrusted_at is None:
        return None
    is_urgent, since = facts.priority == URGENT, facts.entrusted_at
    if is_urgent and facts.set_by == "raised":
        since = max(since, facts.set_at)
    usual = "acceptance_adapted" if facts.needs else "acceptance"
    rule = "acceptance_urgent" if is_urgent else usual
    clock = _clock(Nature.ACCEPTANCE, rule, facts, by, since)
    return _stopped(clock, facts.taken_at, facts.closed_at)


def _resolution(facts: CaseFacts, by: Reckoning, kept: Clock | None) -> Clock | None:
    """To the date we work to, whoever set it. What we moved ourselves for a pause is no new date."""
    if facts.announced_due_at is None and facts.closed_at is not None:
        return None  # ended as it was opened: nothing was to be done
    ours = kept is not None and kept.due_at == facts.due_at and kept.rule in {facts.set_by, GIVEN}
    base = kept.base_due_at if kept is not None and ours else facts.due_at
    rule = kept.rule if kept is not None and ours else _who_set(facts, by)
    clock = _clock(Nature.RESOLUTION, rule, facts, by, facts.set_at, given=base)
    return _stopped(clock, facts.resolved_at or _answered(facts), facts.gave_up_at)


def _who_set(facts: CaseFacts, by: Reckoning) -> str:
    """GIVEN when it is none of our rules': imported, or promised under another calendar."""
    if facts.set_by in RECKONED and _in_time(facts, by, facts.set_at) != facts.due_at:
        return GIVEN
    return facts.set_by


def _answer(facts: CaseFacts, by: Reckoning) -> Clock | None:
    """To the date first announced, which nothing rewrites; opened again, it is that date which is judged."""
    if facts.announced_due_at is None:
        return None
    clock = _clock(Nature.ANSWER, "announced", facts, by, facts.received_at, given=facts.announced_due_at)
    return _stopped(clock, _answered(facts), facts.gave_up_at)


def _answered(facts: CaseFacts) -> datetime | None:
    """Answered; or done, for somebody whom nobody can answer."""
    return None if facts.gave_up_at else facts.answered_at or facts.closed_at


def _stopped(clock: Clock, met_at: datetime | None, ended_at: datetime | None) -> Clock:
    return replace(clock, met_at=met_at, ended_at=None if met_at else ended_at)
