"""From raw bytes to something a person can read, and an end for what needs nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
import structlog

from crm.access import Permission, require
from crm.cases import Incoming, follower_adds, receive_message
from crm.channels import Arrival, Nature, Receiver, Understood, Unreadable
from crm.contacts import prove_point
from crm.foundation import IllegalStep, Invalid, Settings, UnitOfWork, clean
from crm.inbox import too_big
from crm.inbox.by_channel import OWN_RULES
from crm.inbox.events import InboundSettled
from crm.inbox.joining import check_joined, join_files
from crm.inbox.models import Inbound, InboundRaw, Outcome
from crm.inbox.returned import take_back, take_receipt
from crm.inbox.threads import Place, Thread, place_in, thread_of

_log = structlog.get_logger("inbox")
_NO_ANSWER = {
    Nature.AUTO_REPLY: Outcome.DISCARDED,
    Nature.LIST: Outcome.DISCARDED,
    Nature.OURS: Outcome.DISCARDED,
    Nature.BOUNCE: Outcome.RECEIPT,
    Nature.RECEIPT: Outcome.RECEIPT,
}
_LONGEST = 10_000  # characters in a thread; the whole of it stays with the arrival
_WORDLESS = "(Message sans texte.)"
# A correspondent, or a whole domain, that writes faster than people do is looked at by somebody.
_FLOOD = timedelta(minutes=10)
_MOST_OF_ONE, _MOST_OF_DOMAIN = 20, 500


def understand(
    uow: UnitOfWork, receivers: Mapping[str, Receiver], inbound_id: int, settings: Settings | None = None
) -> None:
    """Read an arrival and settle it, unless it was already. What nobody can read waits for a person.

    Args:
        settings: what may be joined to a message, and who we are.
    """
    require(uow.actor, Permission.INBOUND_STORE)
    held = sa.select(Inbound).where(Inbound.id == inbound_id, Inbound.outcome.is_(None)).with_for_update()
    row = uow.session.execute(held).scalar_one_or_none()
    if row is None:
        return
    receiver = receivers.get(row.channel)
    if receiver is None:
        _settle(uow, row, Outcome.WAITING, "no_receiver")
        return
    try:
        told = receiver.understand(_arrival(uow, row))
    except Unreadable as unreadable:
        _settle(uow, row, Outcome.WAITING, unreadable.reason)
        return
    except Exception as wrong:  # a fault of ours: a person sees the mail, and the log who must mend it
        _log.error("reader_broke", inbound=row.id, error=type(wrong).__name__)
        _settle(uow, row, Outcome.WAITING, "broken_reader")
        return
    _fill(row, told)
    if rule := OWN_RULES.get(row.channel):
        _settle(uow, row, *rule(uow, row, told))
    else:
        _decide(uow, row, told, settings or Settings())


def _decide(uow: UnitOfWork, row: Inbound, told: Understood, settings: Settings) -> None:
    if _is_copy(uow, row):
        _settle(uow, row, Outcome.COPY, "same_message")
        return
    thread = thread_of(uow.session, row.channel, told)
    if told.nature is Nature.MESSAGE:
        _take_message(uow, row, told, thread, settings)
        return
    row.case_id = thread.case_id if thread else None  # seen on the case; nothing follows from it
    why = told.why
    if told.nature is Nature.BOUNCE:
        why = take_back(uow, row.channel, told, thread)
    elif told.nature is Nature.RECEIPT:
        why = take_receipt(uow, row, told, thread)
    outcome = _NO_ANSWER.get(told.nature, Outcome.WAITING)
    _settle(uow, row, outcome, why or (told.nature if outcome is Outcome.DISCARDED else None))


def _take_message(
    uow: UnitOfWork, row: Inbound, told: Understood, thread: Thread | None, settings: Settings
) -> None:
    place = place_in(uow.session, thread, row.sender) if thread else None
    if too_big.REASON in told.left_out:
        too_big.tell_too_big(uow, row, told, settings.centre)
        row.case_id = place.case_id if place else None
        _settle(uow, row, Outcome.WAITING, too_big.REASON)
    elif place is None:
        _settle(uow, row, Outcome.WAITING)
    elif flood := _flood(uow, row):
        _settle(uow, row, Outcome.WAITING, flood)
    elif reason := _doubt(place, told):
        row.case_id = place.case_id
        _settle(uow, row, Outcome.CONFIRM, reason)
    else:
        _reply(uow, row, place, told, settings)
        if thread and thread.interaction_id and thread.recipient.lower() == row.sender:
            prove_point(uow, "email", row.sender, how="reply")  # our message was read there, and answered


def _doubt(place: Place, told: Understood) -> str:
    """Why somebody must say that this is who it seems to be."""
    if not place.is_theirs:
        return "unknown_sender"
    return "not_authenticated" if told.trust.get("dmarc") == "fail" else ""


def _reply(uow: UnitOfWork, row: Inbound, place: Place, told: Understood, settings: Settings) -> None:
    """It joins its demand, as what its usager says. An ended demand is not opened again by it."""
    files, left_out = check_joined(told.files, settings.files)
    words = (row.text or row.subject or _WORDLESS)[:_LONGEST]
    if place.follower is not None:
        try:
            follower_adds(uow, place.follower.token, words, channel=row.channel, external_id=row.external_id)
        except (IllegalStep, Invalid) as refused:
            row.case_id = place.case_id
            _settle(uow, row, Outcome.WAITING, refused.code)
            return
        left_out += ["file_of_follower"] if files else []
    else:
        came = Incoming(
            channel=row.channel,
            external_id=row.external_id,
            text=words,
            subject=row.subject,
            received_at=row.received_at,
        )
        case, row.interaction_id = receive_message(uow, place.reference, came)
        left_out += join_files(uow, case, row.interaction_id, files)
    row.details = {**row.details, "left_out": [*row.details["left_out"], *left_out]}
    row.case_id, row.contact_id = place.case_id, place.contact_id
    _settle(uow, row, Outcome.REPLY)


def _is_copy(uow: UnitOfWork, row: Inbound) -> bool:
    """The same message in another of our boxes, or delivered twice. Two workers on the two wait in turn."""
    if not row.message_id:
        return False
    lock = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"{row.channel} {row.message_id}", 0))
    uow.session.execute(sa.select(lock))
    other = sa.select(Inbound.id).where(
        Inbound.message_id == row.message_id,
        Inbound.channel == row.channel,
        Inbound.id != row.id,
        Inbound.outcome.is_not(None),
        Inbound.outcome != Outcome.COPY,
        Inbound.sender == row.sender,
        Inbound.subject == row.subject,
        Inbound.text == row.text,
    )
    with uow.session.no_autoflush:
        return uow.session.scalar(other.limit(1)) is not None


def _flood(uow: UnitOfWork, row: Inbound) -> str:
    recent = sa.select(sa.literal(1)).where(Inbound.received_at > uow.now - _FLOOD, Inbound.id != row.id)
    domain = row.sender.rpartition("@")[2]
    limits = (
        ("sender_floods", Inbound.sender == row.sender, _MOST_OF_ONE),
        ("domain_floods", sa.func.split_part(Inbound.sender, "@", 2) == domain, _MOST_OF_DOMAIN),
    )
    for why, condition, most in limits:
        counted = sa.select(sa.func.count()).select_from(recent.where(condition).limit(most).subquery())
        if uow.session.scalar(counted) == most:
            return why
    return ""


def _arrival(uow: UnitOfWork, row: Inbound) -> Arrival:
    content = uow.session.execute(
        sa.select(InboundRaw.content).where(InboundRaw.inbound_id == row.id)
    ).scalar_one()
    return Arrival(
        external_id=row.external_id,
        content=content,
        source=row.source,
        media_type=row.media_type,
        about=row.about,
    )


def _fill(row: Inbound, told: Understood) -> None:
    row.nature = told.nature
    row.sender, row.sender_name = clean(told.sender), clean(told.sender_name)
    row.subject, row.text, row.folded = clean(told.subject), clean(told.text), clean(told.folded)
    row.message_id = clean(told.message_id) or None
    row.sent_at = told.sent_at
    row.details = {
        "trust": dict(told.trust),
        "left_out": list(told.left_out),
        "hints": list(told.hints),
        "copied": list(told.copied)[:50],
        **{key: clean(value) for key, value in told.details.items() if value},
    }


def _settle(uow: UnitOfWork, row: Inbound, outcome: Outcome, reason: str | None = None) -> None:
    row.outcome, row.reason, row.settled_at = outcome, reason, uow.now
    settled = InboundSettled(
        subject_id=row.id, channel=row.channel, outcome=outcome, reason=reason, case_id=row.case_id
    )
    uow.record(settled)
