"""What was promised about each demand, by which calendar, and who is told before it is not kept."""

from crm.promises.actions import (
    LONGEST_NAME,
    add_calendar,
    choose_notices,
    give_calendar,
    publish_calendar,
    restore_calendar,
    retire_calendar,
)
from crm.promises.adapting import adapted_by
from crm.promises.again import reckon_round
from crm.promises.calendars import (
    CalendarCache,
    KeptCalendar,
    PlannedDay,
    VersionLine,
    calendar_history,
    calendar_in_force,
    calendar_version,
    calendars_in_force,
    days_ahead,
    reckoning,
    usable,
)
from crm.promises.case_facts import CaseFacts
from crm.promises.choices import KINDS, KINDS_TO_MUTE, Choices, choices_of
from crm.promises.clocks import Clock, Nature, Reckoning, clocks_of, reckoned_again
from crm.promises.events import (
    CalendarPlanned,
    CalendarPublished,
    CalendarRestored,
    CalendarRetired,
    CalendarWithdrawn,
    NoticeChoicesChanged,
    ShiftPlanned,
    ShiftWithdrawn,
    UnitCalendarGiven,
    UrgentCalled,
    UrgentEscalated,
    UrgentTaken,
)
from crm.promises.facts import pauses_of
from crm.promises.keeping import A_ROUND, follow_facts, keep_clocks, take_up
from crm.promises.late_orders import warn_of_late_orders
from crm.promises.mailing import agents_to_mail, mail_notices
from crm.promises.missed_calls import warn_of_missed_calls
from crm.promises.models import MAIL_RHYTHMS, CaseClock, Notice
from crm.promises.nobody import warn_of_nobody
from crm.promises.notices import (
    NOTICES_OF_AGENT,
    NoticeLine,
    able_to_read,
    agents_holding,
    mark_read,
    notices_page,
    tell,
    tell_once,
    unread_count,
)
from crm.promises.own_calendars import (
    CalendarLine,
    calendar_names,
    calendar_of_unit,
    own_calendar,
    own_calendars,
)
from crm.promises.reminders import Hold, Reminded, give_reminders
from crm.promises.returned import warn_of_decisions
from crm.promises.sheet import ClockSheet, Promises, promises_of, verdict_of
from crm.promises.shifts import ShiftLine, plan_shift, shifts, withdraw_shift
from crm.promises.urgent import call_out, escalate_calls, mail_instead, take_urgent
from crm.promises.versions import (
    PlannedLine,
    bring_planned_in,
    latest_planned,
    planned_calendar,
    planned_calendars,
    withdraw_planned,
)
from crm.promises.wording import notice_in

__all__ = [
    "A_ROUND", "KINDS", "KINDS_TO_MUTE", "LONGEST_NAME", "MAIL_RHYTHMS", "NOTICES_OF_AGENT",
    "CalendarCache", "CalendarLine", "CalendarPlanned", "CalendarPublished", "CalendarRestored",
    "CalendarRetired", "CalendarWithdrawn", "CaseClock", "CaseFacts", "Choices", "Clock", "ClockSheet",
    "Hold", "KeptCalendar", "Nature", "Notice", "NoticeChoicesChanged", "NoticeLine", "PlannedDay",
    "PlannedLine", "Promises", "Reckoning", "Reminded", "ShiftLine", "ShiftPlanned", "ShiftWithdrawn",
    "UnitCalendarGiven", "UrgentCalled", "UrgentEscalated", "UrgentTaken", "VersionLine",
    "able_to_read", "adapted_by", "add_calendar", "agents_holding", "agents_to_mail", "bring_planned_in",
    "calendar_history", "calendar_in_force", "calendar_names", "calendar_of_unit", "calendar_version",
    "calendars_in_force", "call_out", "choices_of", "choose_notices", "clocks_of", "days_ahead",
    "escalate_calls", "follow_facts", "give_calendar", "give_reminders", "keep_clocks", "latest_planned",
    "mail_instead", "mail_notices", "mark_read", "notice_in", "notices_page", "own_calendar",
    "own_calendars", "pauses_of", "plan_shift", "planned_calendar", "planned_calendars", "promises_of",
    "publish_calendar", "reckon_round", "reckoned_again", "reckoning", "restore_calendar", "retire_calendar",
    "shifts", "take_up", "take_urgent", "tell", "tell_once", "unread_count", "usable", "verdict_of",
    "warn_of_decisions", "warn_of_late_orders", "warn_of_missed_calls", "warn_of_nobody", "withdraw_planned",
    "withdraw_shift",
]  # fmt: skip
