"""One way to write to a usager, whatever the channel: who will read it, where, and how long it may be."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import format_decimal

from crm.channels import sms_parts
from crm.contacts import ContactCard, display_phone
from crm.foundation import Invalid
from crm.http import wiring

LONGEST = 10_000  # where no channel of ours says


@dataclass(frozen=True, slots=True)
class Written:
    """What a composer says around the words.

    Args:
        name: who will read it; empty when nobody said it.
        address: in full: an e-mail, a number, the lines of an address.
        limit: characters that the channel carries.
        parts: how many SMS it takes.
        failed: what we sent there last did not arrive.
        by_hand: nothing leaves by itself: somebody prints it, calls, or answers on the network.
    """

    channel: str
    name: str
    address: str
    length: int
    limit: int
    parts: int | None
    by_hand: bool
    failed: bool = False

    @property
    def limit_in_words(self) -> str:
        return str(format_decimal(self.limit))


def written(channel: str, recipient: str, name: str, body: str, *, failed: bool = False) -> Written:
    way = wiring().channels.get(channel)
    return Written(
        channel=channel,
        name=name,
        address=display_phone(recipient) if recipient.startswith("+") else recipient,
        length=len(body),
        limit=limit_of(channel),
        parts=sms_parts(body).parts if channel == "sms" else None,
        by_hand=way is None or way.by_hand,
        failed=failed,
    )


def limit_of(channel: str) -> int:
    way = wiring().channels.get(channel)
    return way.limits.characters if way else LONGEST


def has_failed(card: ContactCard | None, recipient: str) -> bool:
    """What we sent there came back."""
    points = card.points if card else ()
    return any(point.value == recipient and point.failed_at is not None for point in points)


def carried(channel: str, body: str, box: str = "body") -> str:
    """The words, if the channel can carry them; `box` is where they were written.

    Raises:
        Invalid: too long for it. What is cut says something else than what was written.
    """
    if len(body.strip()) > limit_of(channel):
        raise Invalid({box: "too_long"})
    return body
