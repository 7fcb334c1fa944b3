"""Letters: nothing leaves by itself, an agent prints what `letters_pdf` made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from crm.channels.port import Channel, Limits, Outbound, Refused
from crm.foundation import Settings


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
