"""What a programme tells of social networks, whichever they are: mentions, private messages. Way in only.

One a request, or several in a list: {"id", "network", "type": mention | private, "author", "author_name",
"link", "text", "at", "answers": the id of an earlier one}. See docs/channels/social.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from crm.channels.arrivals import Arrival, Nature, Receiver, Understood, Unreadable
from crm.channels.json_pieces import object_in, pieces_of
from crm.channels.numbers import moment
from crm.channels.signing import check_signature
from crm.foundation import Settings
from crm.foundation.settings import Social

_TYPES = frozenset({"mention", "private"})
_LONGEST = 200
_LONGEST_LINK = 500


@dataclass(frozen=True, slots=True)
class SocialReceiver:
    social: Social = field(repr=False)
    label: ClassVar[str] = "Réseau social"

    def arrivals(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Arrival]:
        check_signature(self.social.secret.get_secret_value(), headers, body, now)
        return [_arrival(one) for one in pieces_of(body)]

    def understand(self, arrival: Arrival) -> Understood:
        """The handle is who wrote: a name on a network is not an identity."""
        told = object_in(arrival.content)
        kind, author, text = _said(told, "type"), _said(told, "author"), told.get("text")
        if kind not in _TYPES:
            raise Unreadable("unknown_event")
        if not author:
            raise Unreadable("no_author")
        if not isinstance(text, str) or not text.strip():
            raise Unreadable("no_text")
        network = _said(told, "network")
        ours = author.casefold() in {one.casefold() for one in self.social.accounts}
        return Understood(
            nature=Nature.OURS if ours else Nature.MESSAGE,
            why="our_own_account" if ours else "",
            sender=author,
            sender_name=_said(told, "author_name"),
            message_id=_named(network, told.get("id")),
            answers_to=tuple(filter(None, [_named(network, told.get("answers"))])),
            text=text,
            sent_at=moment(told.get("at")),
            details={"network_type": kind, "link": _link(told.get("link"))},
        )


def _arrival(content: bytes) -> Arrival:
    """By the network's own id; without one, the same words told twice in the same terms are one arrival."""
    named, network = hashlib.sha256(content).hexdigest(), ""
    try:
        told = object_in(content)
        network = _said(told, "network")
        named = _named(network, told.get("id")) or named
    except Unreadable:
        pass
    return Arrival(external_id=named, source=network, content=content, media_type="application/json")


def _said(told: Mapping[str, Any], name: str) -> str:
    said = told.get(name)
    return said.strip()[:_LONGEST] if isinstance(said, str) else ""


def _named(network: str, given: object) -> str:
    """Two networks may give the same number to two messages."""
    named = str(given).strip()[:_LONGEST] if isinstance(given, str | int) else ""
    return f"{network.casefold()}:{named}" if named else ""


def _link(given: object) -> str:
    """Agents will press it: an address of the web, or none."""
    link = given.strip() if isinstance(given, str) else ""
    try:
        cut = urlsplit(link)
    except ValueError:
        return ""
    is_web = cut.scheme in {"http", "https"} and bool(cut.hostname)
    return link if is_web and len(link) <= _LONGEST_LINK and not any(map(str.isspace, link)) else ""


def build_receiver(settings: Settings) -> Receiver | None:
    return SocialReceiver(settings.social) if settings.social.secret.get_secret_value() else None
