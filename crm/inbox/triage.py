"""What an agent makes of an arrival. Two at once: the first decides, the second is told so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

import sqlalchemy as sa

from crm.access import Permission, require
from crm.attachments import Giving, attach_files
from crm.cases import Incoming, Opened, Rulebook, case_by_id, one_case, receive_message
from crm.contacts import numbers_refusing_sms, owns_point
from crm.foundation import Conflict, IllegalStep, Invalid, NotAllowed, NotFound, UnitOfWork
from crm.inbox.events import InboundSettled
from crm.inbox.models import Inbound, Outcome
from crm.inbox.reach import readable_arrivals
from crm.inbox.reading import TO_SORT
from crm.intake import Demand, register_demand
from crm.interactions import Direction, Message, cancel_held_answer, queue_message, record_interaction
from crm.staff import unit_card


class Aside(StrEnum):
    """Why an arrival is kept without an answer."""

    SPAM = "spam"
    ADVERTISING = "advertising"
    ABUSE = "abuse"
    DUPLICATE = "duplicate"
    EMPTY = "empty"
    ROBOT = "robot"
    THANKS = "thanks"  # nothing was asked: an information, not a discard


ELSEWHERE = "external"  # how a body works that is none of ours: what it is competent for is forwarded
TRANSMITTED = "transmitted"


def made_case(
    uow: UnitOfWork,
    inbound_id: int,
    seen_version: int,
    case_id: int,
    *,
    joined: bool = False,
    reason: str | None = None,
) -> None:
    """It became a demand, or one more: a mail may speak of several things. Said twice, it is once.

    Args:
        joined: its author follows a demand that was there.

    Raises:
        Conflict: somebody decided since the agent opened it.
        IllegalStep: it was given another end.
    """
    require(uow.actor, Permission.INBOUND_SORT)
    row = _held(uow, inbound_id)
    made = [int(one) for one in row.details.get("cases", ())]
    if case_id in made:
        return
    _unchanged(row, seen_version, *TO_SORT, Outcome.CASE, Outcome.REPLY)
    row.details = {**row.details, "cases": [*made, case_id]}
    row.contact_id = row.contact_id or case_by_id(uow.session, case_id).contact_id
    end = Outcome.REPLY if joined and row.outcome != Outcome.CASE else Outcome.CASE
    _settle(uow, row, end, reason, case_id)


def attach_arrival(
    uow: UnitOfWork,
    inbound_id: int,
    reference: str,
    *,
    seen_version: int,
    tokens: Sequence[str] = (),
    shown: bool | None = None,
) -> None:
    """It joins a demand as a message of its thread, with its files.

    Args:
        shown: the usager of the demand may read it. Not said: they may if they are who wrote it.

    Raises:
        Conflict, IllegalStep: as `made_case`.
        NotFound: no such demand.
    """
    require(uow.actor, Permission.INBOUND_SORT)
    row = _held(uow, inbound_id)
    _unchanged(row, seen_version, *TO_SORT, Outcome.CASE, Outcome.REPLY)
    known = one_case(uow.session, uow.actor, reference)
    is_theirs = known.contact_id is not None and owns_point(uow.session, known.contact_id, row.sender)
    came = _incoming(row, shown=is_theirs if shown is None else shown)
    case, interaction_id = receive_message(uow, reference, came)
    giving = Giving(from_usager=came.shown, interaction_id=interaction_id)
    attach_files(uow, case, case.id, tokens, giving)
    row.contact_id = row.contact_id or (case.contact_id if is_theirs else None)
    row.interaction_id = row.interaction_id or interaction_id
    row.details = {**row.details, "cases": [*row.details.get("cases", ()), case.id]}
    _settle(uow, row, Outcome.REPLY if row.outcome != Outcome.CASE else Outcome.CASE, None, case.id)


def answer_arrival(uow: UnitOfWork, inbound_id: int, said: Message, *, seen_version: int) -> None:
    """Answered at once, without a demand: by the same channel, to who wrote and to nobody else.

    Where we have no way out (a social network), the agent answered by hand: what they wrote is kept.

    Raises:
        Conflict, IllegalStep: as `made_case`.
        Invalid: nothing was written, it goes to somebody else, or to a number that wants no SMS.
    """
    require(uow.actor, Permission.INBOUND_SORT)
    row = _held(uow, inbound_id)
    _unchanged(row, seen_version, *TO_SORT)
    if said.recipient != row.sender:
        raise Invalid({"body": "unknown"})
    if said.channel == "sms" and numbers_refusing_sms(uow.session, [said.recipient]):
        raise Invalid({"body": "sms_refused"})
    if said.channel in _LEAVES:
        row.interaction_id = queue_message(uow, None, None, replace(said, kind="information"))
    else:
        row.interaction_id = _said_by_hand(uow, row, said)
    _settle(uow, row, Outcome.INFORMATION, "answered")


def take_answer_back(uow: UnitOfWork, inbound_id: int) -> tuple[str, str]:
    """The answer has not left and its author takes it back: the message waits again. Its subject and words.

    Raises:
        NotAllowed: somebody else wrote it.
        Conflict: it left, or something else became of the message.
    """
    require(uow.actor, Permission.INBOUND_SORT)
    row = _held(uow, inbound_id)
    if row.seen_by != uow.actor.id:
        raise NotAllowed(why="not_the_author")
    if row.reason != "answered" or row.interaction_id is None:
        raise Conflict(why="moved_on")
    words = cancel_held_answer(uow, row.interaction_id)
    if words is None:
        raise Conflict(why="left")
    row.interaction_id = None
    _settle(uow, row, Outcome.WAITING)
    return words


_LEAVES = frozenset({"email", "sms", "letter"})


def _said_by_hand(uow: UnitOfWork, row: Inbound, said: Message) -> int:
    """Where they wrote: a private message is answered in private, the rest under the publication."""
    if not said.body.strip():
        raise Invalid({"body": "required"})
    kind = "private_reply" if row.details.get("network_type") == "private" else "public_reply"
    return record_interaction(
        uow, None, None, channel=said.channel, kind=kind, body=said.body, direction=Direction.OUT
    )


def forward_arrival(
    uow: UnitOfWork, book: Rulebook, inbound_id: int, demand: Demand, *, seen_version: int
) -> Opened:
    """To the body that is competent, with a trace here, and the usager is told (CRPA, L114-2).

    Raises:
        Conflict, IllegalStep: as `made_case`.
        Invalid: no body, or one of ours; what `register_demand` refuses.
    """
    require(uow.actor, Permission.INBOUND_SORT)
    if demand.refer_to is None or not _is_elsewhere(uow, demand.refer_to):
        raise Invalid({"unit_id": "unknown"})
    done = register_demand(uow, book, demand)
    made_case(uow, inbound_id, seen_version, done.id, reason=TRANSMITTED)
    return done


def _is_elsewhere(uow: UnitOfWork, unit_id: int) -> bool:
    body = unit_card(uow.session, unit_id)
    return body is not None and body.operation == ELSEWHERE


def set_arrival_aside(uow: UnitOfWork, inbound_id: int, reason: str, *, seen_version: int) -> None:
    """Kept, and not answered.

    Raises:
        Conflict, IllegalStep: as `made_case`.
        Invalid: not one of the reasons.
    """
    require(uow.actor, Permission.INBOUND_SORT)
    if reason not in set(Aside):
        raise Invalid({"reason": "unknown"})
    row = _held(uow, inbound_id)
    _unchanged(row, seen_version, *TO_SORT)
    _settle(uow, row, Outcome.INFORMATION if reason == Aside.THANKS else Outcome.DISCARDED, reason)


def take_arrival_back(uow: UnitOfWork, inbound_id: int, *, seen_version: int) -> None:
    """It was set aside by mistake, by an agent or by a rule: it waits again.

    Raises:
        Conflict, IllegalStep: as `made_case`.
    """
    require(uow.actor, Permission.INBOUND_SORT)
    row = _held(uow, inbound_id)
    _unchanged(row, seen_version, Outcome.DISCARDED, Outcome.INFORMATION)
    if row.interaction_id is not None:
        raise IllegalStep(verb="take_back", state=row.outcome)
    _settle(uow, row, Outcome.WAITING)


def confirm_sender(
    uow: UnitOfWork, inbound_id: int, *, accepted: bool, seen_version: int, tokens: Sequence[str] = ()
) -> None:
    """An unknown sender wrote on a known thread: an agent lets them in, or it waits as any other message.

    Raises:
        Conflict, IllegalStep: as `made_case`.
    """
    require(uow.actor, Permission.INBOUND_SORT)
    row = _held(uow, inbound_id)
    _unchanged(row, seen_version, Outcome.CONFIRM)
    if accepted and row.case_id is not None:
        reference = case_by_id(uow.session, row.case_id).reference
        attach_arrival(uow, inbound_id, reference, seen_version=seen_version, tokens=tokens, shown=True)
    else:
        row.case_id = None
        _settle(uow, row, Outcome.WAITING, "sender_refused")


def _incoming(row: Inbound, *, shown: bool) -> Incoming:
    return Incoming(
        channel=row.channel,
        external_id=row.external_id,
        text=row.text or row.folded or row.subject,
        subject=row.subject,
        received_at=row.received_at,
        shown=shown,
    )


def _held(uow: UnitOfWork, inbound_id: int) -> Inbound:
    """Whoever else decides about it waits for our commit."""
    mine = Inbound.id == inbound_id, readable_arrivals(uow.actor)
    held = sa.select(Inbound).where(*mine).with_for_update()
    row = uow.session.execute(held.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise NotFound(inbound=inbound_id)
    return row


def _unchanged(row: Inbound, seen_version: int, *froms: Outcome) -> None:
    if row.version != seen_version:
        raise Conflict(seen=seen_version, current=row.version)
    if row.outcome not in froms:
        raise IllegalStep(verb="sort", state=row.outcome or "unseen")


def _settle(
    uow: UnitOfWork, row: Inbound, outcome: Outcome, reason: str | None = None, case_id: int | None = None
) -> None:
    row.outcome, row.reason, row.settled_at = outcome, reason, uow.now
    row.seen_by = uow.actor.id
    row.case_id = row.case_id or case_id
    told = InboundSettled(
        subject_id=row.id, channel=row.channel, outcome=outcome, reason=reason, case_id=case_id
    )
    uow.record(told)
