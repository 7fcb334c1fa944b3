"""Letters. Out: an agent prints what `letters_pdf` made, nothing leaves by itself. In: scans agents enter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar

from crm.channels.arrivals import Arrival, Nature, Receiver, Understood
from crm.channels.port import Channel, Limits, Outbound, Refused
from crm.channels.scans import can_read, pages_of, words_of
from crm.foundation import PARIS, Settings


@dataclass(frozen=True, slots=True)
class LetterChannel:
    label: ClassVar[str] = "Courrier"
    limits: ClassVar[Limits] = Limits(characters=20_000, subject=True)
    by_hand: ClassVar[bool] = True

    @contextmanager
    def open(self) -> Iterator[LetterChannel]:
        yield self

    def send(self, message: Outbound) -> str:
        raise Refused("printed_by_hand")


def build(settings: Settings) -> Channel | None:
    return LetterChannel()


@dataclass(frozen=True, slots=True)
class LetterReceiver:
    """`about` is what the agent said of it: `written_on` (ISO), `sender_name`, `subject`."""

    label: ClassVar[str] = "Courrier"

    def understand(self, arrival: Arrival) -> Understood:
        pages = pages_of(arrival.content, arrival.media_type)
        text = words_of(pages)
        return Understood(
            nature=Nature.MESSAGE,
            sender_name=arrival.about.get("sender_name", ""),
            subject=arrival.about.get("subject", ""),
            text=text,
            files=pages,
            left_out=() if text else ("no_words_found" if can_read() else "no_reader",),
            sent_at=_written(arrival.about.get("written_on", "")),
        )


def _written(day: str) -> datetime | None:
    """At noon of the date that the letter bears."""
    try:
        return datetime.combine(date.fromisoformat(day), time(12), tzinfo=PARIS)
    except ValueError:
        return None


def build_receiver(settings: Settings) -> Receiver | None:
    return LetterReceiver()
