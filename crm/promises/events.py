"""What happens to promises and to who watches them. Codes and ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPublished(Event):
    """Another calendar is gone by: the clocks that run are reckoned again."""

    kind: ClassVar[str] = "calendar.published"
    subject_kind: ClassVar[str] = "calendar"
    version: int
    calendar_id: int | None = None  # None: the centre's


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPlanned(Event):
    """Another calendar will be gone by from a day on: nothing moves until then."""

    kind: ClassVar[str] = "calendar.planned"
    subject_kind: ClassVar[str] = "planned_calendar"
    takes_effect_on: str  # ISO day
    calendar_id: int | None = None  # None: the centre's


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWithdrawn(Event):
    """It will not take effect after all."""

    kind: ClassVar[str] = "calendar.withdrawn"
    subject_kind: ClassVar[str] = "planned_calendar"
    calendar_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRetired(Event):
    kind: ClassVar[str] = "calendar.retired"
    subject_kind: ClassVar[str] = "unit_calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRestored(Event):
    kind: ClassVar[str] = "calendar.restored"
    subject_kind: ClassVar[str] = "unit_calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCalendarGiven(Event):
    """A unit goes by another calendar: what it has yet to take in charge is reckoned again."""

    kind: ClassVar[str] = "unit.calendar_given"
    subject_kind: ClassVar[str] = "unit"
    calendar_id: int | None = None  # None: the centre's


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChoicesChanged(Event):
    kind: ClassVar[str] = "notices.chosen"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPlanned(Event):
    kind: ClassVar[str] = "on_call.planned"
    subject_kind: ClassVar[str] = "unit"
    shift_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftWithdrawn(Event):
    kind: ClassVar[str] = "on_call.withdrawn"
    subject_kind: ClassVar[str] = "unit"
    shift_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentCalled(Event):
    """Those on call, or else who leads, were told of an emergency, each by two means.

    Args:
        whom: on_call, lead, supervisors, or nobody.
    """

    kind: ClassVar[str] = "urgent.called"
    subject_kind: ClassVar[str] = "case"
    how_many: int
    whom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentTaken(Event):
    kind: ClassVar[str] = "urgent.taken"
    subject_kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentEscalated(Event):
    """Nobody said within half an hour that they had it in hand: supervisors are told."""

    kind: ClassVar[str] = "urgent.escalated"
    subject_kind: ClassVar[str] = "case"
    how_many: int
