"""Working time: when an answer is due, when the centre opens again. Pure: no database, no own clock."""

from crm.deadlines.calendar import (
    URGENT,
    Announcement,
    Calendar,
    CalendarError,
    DelayUnit,
    NoWorkingDay,
    legal_holidays,
)
from crm.deadlines.configuration import load_calendar
from crm.deadlines.legal import (
    ALARM,
    EARLY,
    LegalClock,
    acknowledgement_clock,
    registration_clock,
    silence_decides_on,
)

__all__ = [
    "ALARM",
    "EARLY",
    "URGENT",
    "Announcement",
    "Calendar",
    "CalendarError",
    "DelayUnit",
    "LegalClock",
    "NoWorkingDay",
    "acknowledgement_clock",
    "legal_holidays",
    "load_calendar",
    "registration_clock",
    "silence_decides_on",
]
