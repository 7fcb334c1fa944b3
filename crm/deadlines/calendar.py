"""The centre's calendar: working days, cut-off hour, opening hours, and the dates announced to residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

from crm.deadlines.closures import LONGEST_DAYS, Closure, closed_days
from crm.foundation import PARIS

DelayUnit = Literal["working_day", "month"]
Interval = tuple[time, time]

URGENT = 1  # the priority whose clock runs day and night
PATIENCE_DAYS = 400  # a calendar closed longer than this has no working day
_ONE_DAY = timedelta(days=1)
_MORNING = time(8)


class CalendarError(ValueError):
    """The calendar cannot be used. `problems` names all that is wrong, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Calendrier à corriger :\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


class NoWorkingDay(CalendarError):
    """Every day around the date asked for is closed: no deadline can be reckoned."""


@lru_cache(maxsize=256)
def legal_holidays(year: int, alsace_moselle: bool) -> frozenset[date]:
    """The legal holidays of mainland France, those of Alsace-Moselle in addition if asked.

    Source: Code du travail, art. L3133-1; art. L3134-13 adds 26 December and Good Friday (the latter, in
    the communes that have a Protestant temple: list it in `worked_holidays` where it does not apply).
    """
    subdivision = "6AE" if alsace_moselle else None
    return frozenset(holidays.country_holidays("FR", subdiv=subdivision, years=year))


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a resident is told: a day in words, with the hour only when the clock runs in hours."""

    on: date
    at: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When the centre works. All hours are local wall-clock hours; all moments given and returned are aware.

    Args:
        working_weekdays: 0 = Monday … 6 = Sunday.
        service: weekday → the intervals at which services work, the time that a running clock counts; absent
            for a working day: from eight to `end_of_service` in one go.
        opening: weekday → the intervals at which someone answers; empty or absent: closed.
        closures: days closed here in addition to legal holidays.
        recurring: the same, several days or again and again.
        worked_holidays: legal holidays on which this centre works.
        urgent_hours: delay of priority 1, in elapsed hours.

    Raises:
        CalendarError: names every problem at once.
    """

    time_zone: ZoneInfo = PARIS
    working_weekdays: frozenset[int] = frozenset(range(5))
    cut_off: time = time(17)
    end_of_service: time = time(18)
    urgent_hours: int = 4
    alsace_moselle: bool = False
    service: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    opening: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    recurring: tuple[Closure, ...] = ()
    closures: frozenset[date] = frozenset()
    worked_holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise CalendarError(problems)

    def is_holiday(self, day: date) -> bool:
        """Closed by law or by the centre, whatever the weekday."""
        legal = day in legal_holidays(day.year, self.alsace_moselle) and day not in self.worked_holidays
        return legal or day in self.closures or day in closed_days(self.recurring, day.year)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() in self.working_weekdays and not self.is_holiday(day)

    def hours_on(self, weekday: int) -> tuple[Interval, ...]:
        """Between what and what services work on that day of the week, as on no holiday."""
        if weekday not in self.working_weekdays:
            return ()
        return self.service.get(weekday) or ((_MORNING, self.end_of_service),)

    def slots_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """When services work on that day, in UTC: several slots, or none."""
        hours = self.hours_on(day.weekday()) if self.is_working_day(day) else ()
        return tuple((self._moment(day, begins), self._moment(day, ends)) for begins, ends in hours)

    def day_of(self, moment: datetime) -> date:
        return self._local(moment).date()

    def end_of_day(self, moment: datetime) -> datetime:
        """When the service of that day ends; the moment itself if that is past."""
        return max(moment, self._moment(self.day_of(moment), self.end_of_service))

    def due_at(self, received_at: datetime, delay: int, unit: DelayUnit, priority: int) -> datetime:
        """The moment, in UTC, at which the announced delay ends. Reckoned from reception, never from typing.

        - Priority 1 runs day and night: `urgent_hours` elapsed hours after reception, whatever the delay.
        - Working days: the day of reception counts as day 0 if it is a working day and the clock has not
          struck `cut_off`; otherwise day 0 is the next working day. The delay ends at `end_of_service` of
          the `delay`-th working day after day 0 (a delay of 0: of day 0 itself). So five days from a
          Friday at 10:00 end on the Friday after at 18:00, and from that Friday at 17:00, on the Monday.
        - Months: legal clocks, which run strictly from reception: no cut-off. The same day `delay` months
          later, or the last of a shorter month; brought back to the working day before if that day is not
          worked, so that what we announce never exceeds the law.

        Raises:
            ValueError: `received_at` is naive, `delay` is negative or is no month at all.
            NoWorkingDay: the calendar has no working day to count.
        """
        local = self._local(received_at)
        if delay < (1 if unit == "month" else 0):
            raise ValueError(f"a delay of {delay} {unit} ends before it begins")
        if priority == URGENT:
            return received_at.astimezone(UTC) + timedelta(hours=self.urgent_hours)
        if unit == "month":
            return self._moment(self._last_day_of_months(local.date(), delay), self.end_of_service)
        day = self._day_zero(local)
        for _ in range(delay):
            day = self.next_working_day(day + _ONE_DAY)
        return self._moment(day, self.end_of_service)

    def working_days_later(self, moment: datetime, days: int) -> datetime:
        """The end of service of the `days`-th working day after that of `moment`, whatever its hour."""
        day = self.day_of(moment)
        for _ in range(days):
            day = self.next_working_day(day + _ONE_DAY)
        return self._moment(day, self.end_of_service)

    def is_open(self, moment: datetime) -> bool:
        """Does someone answer at this moment?"""
        local = self._local(moment)
        return any(opens <= local.time() < closes for opens, closes in self._opening_on(local.date()))

    def announce(self, due_at: datetime) -> Announcement:
        """The day to say aloud; and the hour, if the delay does not end with the service of that day."""
        local = self._local(due_at)
        wall = local.time().replace(second=0, microsecond=0)
        return Announcement(on=local.date(), at=None if wall == self.end_of_service else wall)

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        return moment.astimezone(self.time_zone)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.time_zone).astimezone(UTC)

    def _opening_on(self, day: date) -> tuple[Interval, ...]:
        return () if self.is_holiday(day) else self.opening.get(day.weekday(), ())

    def _day_zero(self, local: datetime) -> date:
        day = local.date()
        return self.next_working_day(day if local.time() < self.cut_off else day + _ONE_DAY)

    def next_working_day(self, day: date) -> date:
        """The first working day, this one included.

        Raises:
            NoWorkingDay: every day for a year is closed.
        """
        for passed in range(PATIENCE_DAYS):
            if self.is_working_day(candidate := day + timedelta(days=passed)):
                return candidate
        raise NoWorkingDay([f"aucun jour ouvré dans les {PATIENCE_DAYS} jours à partir du {day:%d/%m/%Y}"])

    def _last_day_of_months(self, received_on: date, months: int) -> date:
        limit: date = received_on + relativedelta(months=months)
        day = limit
        while day > received_on:
            if self.is_working_day(day):
                return day
            day -= _ONE_DAY
        return limit  # nothing is worked in between: the legal date stands


def _problems(calendar: Calendar) -> list[str]:
    checks = {
        "aucun jour ouvré dans la semaine": not calendar.working_weekdays,
        "un jour de la semaine est inconnu": not calendar.working_weekdays <= frozenset(range(7)),
        "l’heure limite (cut_off) est après la fin du service": calendar.cut_off > calendar.end_of_service,
        "le service commence après sa fin (end_of_service)": calendar.end_of_service <= _MORNING
        and not calendar.service,
        "une fermeture est à l’envers ou trop longue": any(
            not 1 <= closure.length_days <= LONGEST_DAYS for closure in calendar.recurring
        ),
        "des heures de service sont données pour un jour non ouvré": any(
            hours and day not in calendar.working_weekdays for day, hours in calendar.service.items()
        ),
        "le délai d’urgence (urgent_hours) doit être d’au moins une heure": calendar.urgent_hours < 1,
    }
    problems = [problem for problem, wrong in checks.items() if wrong]
    for hours in (calendar.service, calendar.opening):
        problems += [
            f"horaires du jour {weekday + 1} : des plages sont à l’envers ou se chevauchent"
            for weekday, intervals in hours.items()
            if not _in_order(intervals)
        ]
    return problems


def _in_order(intervals: tuple[Interval, ...]) -> bool:
    hours = [hour for interval in intervals for hour in interval]
    return all(earlier < later for earlier, later in pairwise(hours))
