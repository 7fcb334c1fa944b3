"""What a mail server says of a mail of ours: it arrived, it did not, it is late, it was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from flufl.bounce import all_failures

from crm.channels.arrivals import Nature
from crm.channels.mail_headers import decode_bytes
from crm.channels.mail_nature import Told

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_HEURISTIC_BYTES = 500_000  # the patterns for servers that follow no standard read all of it
_HANDED_OVER = "smtp; 250 Ok"  # exim calls delivered what it gave to a server that will tell nothing
_FULL = ("4.", "5.2.2", "5.7.")  # late, a full mailbox, a policy: the address itself is good


def bounce_of(message: Message, size: int) -> Told | None:
    """What became of which address; None when it is not a report."""
    report = _report_type(message)
    if report == "disposition-notification":
        return Told(Nature.RECEIPT, "read")
    if report == "feedback-report":
        return Told(Nature.RECEIPT, "complaint")
    late, lost = _failures(message) if report == "delivery-status" or size < _HEURISTIC_BYTES else ([], [])
    if lost:
        return Told(Nature.BOUNCE, "bounce", _details(message, lost))
    if late:
        return Told(Nature.RECEIPT, "late", _details(message, late))
    if arrived := " ".join(filter(None, dict.fromkeys(_arrived(message)))):
        return Told(Nature.RECEIPT, "delivered", {"delivered": arrived[:1000]})
    return Told(Nature.RECEIPT, "delivery_report") if report == "delivery-status" else None


def is_dead(status: str) -> bool:
    """A permanent failure that tells of the address, not of the day."""
    return not status.startswith(_FULL)


def _report_type(message: Message) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    return str(message.get_param("report-type", "") or "delivery-status").lower()


def _failures(message: Message) -> tuple[list[str], list[str]]:
    """Raises nothing: a detector that stumbles has found nothing."""
    try:
        late, lost = all_failures(message)
    except Exception:  # seventeen detectors over what anybody may have sent
        return [], []
    return [_plain(one) for one in sorted(late)], [_plain(one) for one in sorted(lost)]


def _plain(address: bytes) -> str:
    return address.decode("ascii", "replace").lower()


def _details(message: Message, recipients: list[str]) -> dict[str, str]:
    status = next(_statuses(message), "")
    return {"bounced": " ".join(recipients)[:1000], "status": status}


def _arrived(message: Message) -> Iterator[str]:
    """Addresses in whose boxes it is (RFC 3464, 2.3.3): `relayed` and `expanded` promise nothing."""
    for block in _blocks(message):
        action = str(block.get("action", "")).strip().lower()
        if action == "delivered" and str(block.get("diagnostic-code", "")).strip() != _HANDED_OVER:
            for name in ("original-recipient", "final-recipient"):
                yield str(block.get(name, "")).partition(";")[2].strip().lower()


def _statuses(message: Message) -> Iterator[str]:
    for block in _blocks(message):
        if found := _STATUS.search(str(block.get("status", ""))):
            yield found[1]
    said = None if message.is_multipart() else message.get_payload(decode=True)
    if isinstance(said, bytes) and (found := _STATUS.search(decode_bytes(said[:20_000]))):
        yield found[1]


def _blocks(message: Message) -> Iterator[Message]:
    """What a report says of the mail, then of each recipient (RFC 3464)."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload() if part.is_multipart() else None
            yield from (
                one for one in (blocks if isinstance(blocks, list) else ()) if isinstance(one, Message)
            )
