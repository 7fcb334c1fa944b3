"""When a usager may ask again where their demand stands. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from crm.cases.lifecycle import ENDED, CaseState
from crm.deadlines import Calendar
from crm.foundation import PARIS

PAUSE_WORKING_DAYS = 5
_UNHURRIED = 4  # any priority whose clock runs on working days


class Remindable(Protocol):
    @property
    def state(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def reminded_at(self) -> datetime | None: ...
    @property
    def contested_at(self) -> datetime | None: ...


def may_ever_remind(case: Remindable) -> bool:
    """Not of what has ended, nor while we wait for the usager."""
    return case.state not in {*ENDED, CaseState.WAITING_REQUESTER}


def last_word(case: Remindable) -> datetime:
    """When the usager last asked us to act: the five days run from then."""
    return max(filter(None, (case.received_at, case.reminded_at, case.contested_at)))


def reminder_from(calendar: Calendar, case: Remindable) -> date:
    """The day from which they may do it: once per five working days."""
    ripe_at = calendar.due_at(last_word(case), PAUSE_WORKING_DAYS, "working_day", _UNHURRIED)
    return ripe_at.astimezone(PARIS).date()
