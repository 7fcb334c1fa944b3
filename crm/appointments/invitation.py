"""An appointment as calendars read it (RFC 5545), sent beside the words."""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar, Event

from crm.appointments.models import AppointmentState
from crm.appointments.queries import AppointmentCard


def invitation(
    card: AppointmentCard, *, organizer: str, title: str, link: str, domain: str, made_at: datetime
) -> bytes:
    """The same uid at each move, with a higher sequence: the entry moves instead of being doubled.

    Nothing is said of what the demand is about: calendars are shared more widely than mailboxes.
    """
    off = card.state is AppointmentState.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//Sans couture//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "PUBLISH")
    entry = Event()
    entry.add("uid", f"appointment-{card.id}@{domain}")
    entry.add("sequence", card.moves)
    entry.add("dtstamp", made_at.astimezone(UTC))
    entry.add("dtstart", card.starts_at.astimezone(UTC))
    entry.add("dtend", card.ends_at.astimezone(UTC))
    entry.add("summary", f"{title} ({organizer})")
    entry.add("location", card.place)
    entry.add("description", link)
    entry.add("url", link)
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    calendar.add_component(entry)
    made: bytes = calendar.to_ical()
    return made
