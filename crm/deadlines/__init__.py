"""Working time: when an answer is due, what a pause puts off, when the centre opens again. Pure: no database,
no own clock.
"""

from crm.deadlines.adapted import ADAPTED, Adapted
from crm.deadlines.calendar import (
    URGENT,
    Announcement,
    Calendar,
    CalendarError,
    DelayUnit,
    NoWorkingDay,
    legal_holidays,
)
from crm.deadlines.closures import REPEATS, Closure
from crm.deadlines.configuration import WEEKDAYS, closure_of, load_calendar, read_calendar, written_calendar
from crm.deadlines.legal import (
    ALARM,
    EARLY,
    LegalClock,
    acknowledgement_clock,
    registration_clock,
    silence_decides_on,
)
from crm.deadlines.pauses import LONGEST_PAUSE, MOST_PAUSES, Pause, PauseReason, put_off, spans_of
from crm.deadlines.working_time import Span, WorkingTime

__all__ = [
    "ADAPTED",
    "ALARM",
    "EARLY",
    "LONGEST_PAUSE",
    "MOST_PAUSES",
    "REPEATS",
    "URGENT",
    "WEEKDAYS",
    "Adapted",
    "Announcement",
    "Calendar",
    "CalendarError",
    "Closure",
    "DelayUnit",
    "LegalClock",
    "NoWorkingDay",
    "Pause",
    "PauseReason",
    "Span",
    "WorkingTime",
    "acknowledgement_clock",
    "closure_of",
    "legal_holidays",
    "load_calendar",
    "put_off",
    "read_calendar",
    "registration_clock",
    "silence_decides_on",
    "spans_of",
    "written_calendar",
]
