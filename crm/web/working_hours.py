"""When a unit works, in a sentence: « du lundi au vendredi de 8 h à 12 h et de 13 h 30 à 17 h 30 »."""

from __future__ import annotations

from datetime import datetime, time
from itertools import groupby

from babel.dates import get_day_names

from crm.deadlines import Calendar
from crm.foundation import PARIS
from crm.http import gettext as _
from crm.http.dates import hour, today
from crm.http.language import language


def hours_in_words(calendar: Calendar) -> str:
    """The usual week; days that follow one another with the same hours are told together."""
    runs = [(hours, list(days)) for hours, days in groupby(range(7), calendar.hours_on) if hours]
    return ", ".join(f"{_days(days)} {_slots(hours)}" for hours, days in runs)


def is_closed_today(calendar: Calendar) -> bool:
    """On a day of the week that is usually worked."""
    return bool(calendar.hours_on(today().weekday())) and not calendar.is_working_day(today())


def _days(days: list[int]) -> str:
    names = get_day_names("wide", locale=language())
    if len(days) == 7:
        return _("tous les jours")
    if len(days) == 1:
        return _("le %(day)s", day=names[days[0]])
    return _("du %(first)s au %(last)s", first=names[days[0]], last=names[days[-1]])


def _slots(hours: tuple[tuple[time, time], ...]) -> str:
    told = [_("de %(begins)s à %(ends)s", begins=_hour(one), ends=_hour(other)) for one, other in hours]
    return (
        told[0] if len(told) == 1 else _("%(slots)s et %(last)s", slots=", ".join(told[:-1]), last=told[-1])
    )


def _hour(at: time) -> str:
    return hour(datetime.combine(today(), at, tzinfo=PARIS))
