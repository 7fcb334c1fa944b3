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

__all__ = [
    "URGENT",
    "Announcement",
    "Calendar",
    "CalendarError",
    "DelayUnit",
    "NoWorkingDay",
    "legal_holidays",
    "load_calendar",
]
