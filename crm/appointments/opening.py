"""Which moments an opening makes: « every Tuesday from 14:00 to 16:00, twenty minutes each ». Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from dateutil.rrule import WEEKLY, rrule

from crm.appointments.models import Meeting
from crm.foundation import PARIS, Invalid, clean

LONGEST_DAYS = 366
MOST_SLOTS = 2000
_MINUTES = range(5, 8 * 60 + 1)
_SEATS = range(1, 51)
_PLACED = frozenset({Meeting.OFFICE, Meeting.VIDEO})  # nobody can come without an address or a link


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """
    Args:
        key: made with the form: sent twice, it opens once.
        place: an address, or the link of a video room.
        weekdays: 0 is Monday. Hours are those of a clock in Paris.
        seats: how many usagers at the same moment; at least one for each agent named.
    """

    key: str
    meeting: str
    unit_id: int | None = None
    insee: str | None = None
    place: str = ""
    first_on: date
    last_on: date
    weekdays: frozenset[int]
    begins: time
    ends: time
    minutes: int
    seats: int = 1
    agent_ids: tuple[int, ...] = ()


def checked(opening: Opening, today: date) -> None:
    """
    Raises:
        Invalid: field → why it can open nothing.
    """
    faults = {
        "owner": "required" if (opening.unit_id is None) == (opening.insee is None) else "",
        "meeting": "" if opening.meeting in set(Meeting) else "unknown",
        "place": _place(opening),
        "first_on": "past" if opening.first_on < today else "",
        "last_on": _last_day(opening),
        "weekdays": "required" if not opening.weekdays <= set(range(7)) or not opening.weekdays else "",
        "ends": "ends_before" if opening.ends <= opening.begins else "",
        "minutes": "" if opening.minutes in _MINUTES else "out_of_bounds",
        "seats": "" if opening.seats in _SEATS else "out_of_bounds",
    }
    if wrong := {name: code for name, code in faults.items() if code}:
        raise Invalid(wrong)


def _place(opening: Opening) -> str:
    place = clean(opening.place)
    if opening.meeting in _PLACED and not place:
        return "required"
    if opening.meeting != Meeting.VIDEO:
        return ""
    link = urlsplit(place)
    return "" if link.scheme == "https" and link.hostname and " " not in place else "not_https"


def _last_day(opening: Opening) -> str:
    if opening.last_on < opening.first_on:
        return "ends_before"
    return "too_far_away" if (opening.last_on - opening.first_on).days > LONGEST_DAYS else ""


def moments(
    opening: Opening, is_closed: Callable[[date], bool], now: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Beginning and end of each slot, aware, the earliest first; none in the past, none on a closed day."""
    lasts = timedelta(minutes=opening.minutes)
    first = datetime.combine(opening.first_on, time())
    days = rrule(WEEKLY, dtstart=first, until=datetime.combine(opening.last_on, time()),
                 byweekday=sorted(opening.weekdays))  # fmt: skip
    for day in days:
        if is_closed(day.date()):
            continue
        at, end = datetime.combine(day, opening.begins), datetime.combine(day, opening.ends)
        while at + lasts <= end:
            starts_at = at.replace(tzinfo=PARIS)
            if starts_at > now:
                yield starts_at, (at + lasts).replace(tzinfo=PARIS)
            at += lasts
