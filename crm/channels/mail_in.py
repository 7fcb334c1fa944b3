"""Any bytes that a mail server hands over, understood: each step bounds itself, and none raises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import compat32

from crm.channels.arrivals import Arrival, Nature, Understood, Unreadable
from crm.channels.mail_bounces import bounce_of
from crm.channels.mail_folding import fold_reply
from crm.channels.mail_headers import (
    Headers,
    addresses,
    claimed_date,
    decode_bytes,
    first,
    headers_of,
    message_ids,
    own_id,
)
from crm.channels.mail_nature import Told, is_from_server, nature_of
from crm.channels.mail_parts import Parts, parts_of
from crm.channels.mail_threads import ThreadNames

_LOOKED_AT = 300_000  # bytes of a report in which the Message-ID of ours is looked for
_PIECE, _BEGINNING, _MOST_LINES = 65_536, 500_000, 500_000
_REFERENCE = re.compile(r"(?<!\d)(20\d\d)[\s.-]{0,3}(\d{6})[\s.-]{0,3}(\d{2})(?!\d)")
_RESULT = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]{3,12})", re.I)
_TO_US = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReader:
    """
    Args:
        ours: our own addresses, lower case.
        auth_server: whose Authentication-Results we believe: anybody may write that header.
    """

    names: ThreadNames = field(repr=False)
    ours: frozenset[str]
    auth_server: str = ""

    def read(self, arrival: Arrival) -> Understood:
        """
        Raises:
            Unreadable: not a mail at all, or nested beyond reason.
        """
        if not arrival.content or arrival.content.isspace():
            raise Unreadable("empty")
        try:
            message = _parsed(arrival.content)
            headers = headers_of(message)
            return self._understood(arrival, message, headers)
        except RecursionError:
            raise Unreadable("too_deep") from None

    def _understood(self, arrival: Arrival, message: Message, headers: Headers) -> Understood:
        answers = message_ids(headers, "in-reply-to", "references")
        tokens = self._tokens(headers, answers)
        told = self._nature(arrival, message, headers, answers_us=bool(tokens))
        if told.nature in {Nature.BOUNCE, Nature.RECEIPT, Nature.AUTO_REPLY} and not tokens:
            tokens = self.names.from_message_ids(decode_bytes(arrival.content[:_LOOKED_AT], "utf-8"))
        parts = parts_of(message)
        if "too_big" in arrival.about:
            parts.leave_out("too_big")
        if _has_too_many_lines(arrival.content):
            parts.leave_out("too_many_lines")
        if not headers and not (parts.text or parts.files):
            raise Unreadable("not_a_mail")
        return self._told(headers, parts, told, answers, tokens)

    def _told(
        self, headers: Headers, parts: Parts, told: Told, answers: list[str], tokens: list[int]
    ) -> Understood:
        text, folded = fold_reply(parts.text)
        subject = " ".join(first(headers, "subject").split())[:500]
        name, sender = next(iter(addresses(headers, "from", "sender", "reply-to")), ("", ""))
        is_said = told.nature is Nature.MESSAGE
        return Understood(
            nature=told.nature,
            why=told.why,
            sender=sender,
            sender_name=name,
            recipients=_only(headers, "to"),
            copied=_only(headers, "cc"),
            message_id=own_id(headers),
            subject=subject,
            text=text,
            folded="\n\n".join(one for one in (folded, *parts.quoted) if one.strip()),
            html="" if "heavy_page" in parts.left_out else "\n".join(parts.html),
            files=tuple(parts.files) if is_said else (),
            left_out=tuple(parts.left_out),
            sent_at=claimed_date(headers),
            tokens=tuple(map(str, dict.fromkeys(tokens))),
            answers_to=tuple(answers),
            hints=_references(subject) or _references(text[:500]),
            trust=self._trust(headers),
            details={**told.details, "reply_to": " ".join(_only(headers, "reply-to"))[:320]},
        )

    def _tokens(self, headers: Headers, answers: list[str]) -> list[int]:
        """Our messages that it answers, by proof: the address it was sent to, then our own Message-IDs."""
        sent_to = (address for _, address in addresses(headers, *_TO_US))
        return self.names.from_addresses(sent_to) + self.names.from_message_ids(" ".join(answers))

    def _nature(self, arrival: Arrival, message: Message, headers: Headers, *, answers_us: bool) -> Told:
        if message.get_content_type() == "multipart/report" or is_from_server(headers):
            found = bounce_of(message, len(arrival.content))
            if found is not None:
                return found
        return nature_of(
            headers,
            self.ours,
            is_our_id=bool(self.names.from_message_ids(own_id(headers))),
            answers_us=answers_us,
            loop=self.names.domain,
        )

    def _trust(self, headers: Headers) -> dict[str, str]:
        """The first word of each method from our own server; nothing when none is believed."""
        found: dict[str, str] = {}
        for value in headers.get("authentication-results", ()):
            server, _, results = value.partition(";")
            if self.auth_server and server.split()[:1] == [self.auth_server]:
                for method, result in _RESULT.findall(results):
                    found.setdefault(method.lower(), result.lower())
        return found


def _has_too_many_lines(content: bytes) -> bool:
    """Each line is held apart while a mail is read: millions of empty ones would fill the memory."""
    return content.count(b"\n") > _MOST_LINES


def _parsed(content: bytes) -> Message:
    """Piece by piece: a mail is held once, not three times. Of what has too many lines, the beginning."""
    parser = BytesFeedParser(policy=compat32)
    end = _BEGINNING if _has_too_many_lines(content) else len(content)
    for start in range(0, end, _PIECE):
        parser.feed(content[start : min(start + _PIECE, end)])
    return parser.close()


def _only(headers: Headers, name: str) -> tuple[str, ...]:
    return tuple(address for _, address in addresses(headers, name))


def _references(text: str) -> tuple[str, ...]:
    """What looks like a case's reference: a help for the agent, never a proof."""
    return tuple(dict.fromkeys("-".join(found) for found in _REFERENCE.findall(text)))[:5]
