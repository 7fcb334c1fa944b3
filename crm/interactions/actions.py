"""What is kept of each exchange. The case they belong to decides who may: it is handed as `reach`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from crm.access import Permission, Reach, everywhere, require
from crm.contacts import is_declined
from crm.foundation import Actor, Invalid, NotAllowed, NotFound, UnitOfWork, clean
from crm.interactions.events import (
    CallMade,
    InteractionRecorded,
    LetterPrinted,
    MessageCancelled,
    MessageQueued,
    NoteAdded,
)
from crm.interactions.given import Message, checked
from crm.interactions.models import FIRST_STATES, NOT_LEFT, TO_SEND, Direction, Interaction, SendingState

_ROWS = cast(sa.Table, Interaction.__table__)
_INSERT = sa.insert(_ROWS).returning(_ROWS.c.id)  # Core, made once: it stands on the path of each new case

UNWANTED = "unwanted"  # why it went nowhere: its usager said so once for all
# Who may open a case is told of it; the others follow from an act on the case, by its right.
_AT_OPENING = frozenset({"registration", "referral", "opening", "off_script"})
_REPLIES = frozenset({"reply", "public_reply", "private_reply"})
_SENDING: Mapping[str, Permission] = {
    "question": Permission.CASE_ASK,
    "answer": Permission.CASE_CLOSE,
    "reopened": Permission.CASE_REOPEN,
    "delay": Permission.CASE_ACCEPT,
    "reply_notice": Permission.CASE_TALK,
    "call_back": Permission.CASE_TALK,
    "reach_changed": Permission.CASE_FOLLOW_UP,
    "reach_confirmation": Permission.CASE_FOLLOW_UP,
    "information": Permission.INBOUND_SORT,
    "continuation": Permission.CASE_CREATE,
}


def record_interaction(
    uow: UnitOfWork,
    reach: Reach | None,
    case_id: int | None,
    *,
    channel: str,
    kind: str,
    body: str = "",
    subject: str = "",
    direction: Direction = Direction.IN,
    contact_id: int | None = None,
    occurred_at: datetime | None = None,
    external_id: str | None = None,
    watcher_id: int | None = None,
    is_public: bool = True,
    seconds: int | None = None,
) -> int:
    """Keep what was exchanged: a call, a visit, a letter, a precision. Returns the interaction's id.

    Args:
        reach: the case; None while it is being opened (`kind` "opening").
        occurred_at: when it took place, if that is not now.
        external_id: the sender's own id; the same one twice on a channel is refused by the database.
        watcher_id: of whoever follows the case, when it is not its requester who spoke.
    """
    require(uow.actor, *_right_to_record(uow.actor, kind, reach))
    interaction_id = _insert(
        uow,
        case_id=case_id,
        contact_id=contact_id,
        direction=direction,
        channel=channel,
        kind=kind,
        subject=clean(subject),
        body=clean(body),
        state=SendingState.RECEIVED if direction is Direction.IN else SendingState.RECORDED,
        occurred_at=occurred_at or uow.now,
        external_id=external_id,
        watcher_id=watcher_id,
        seconds=seconds,
        is_public=is_public and direction is not Direction.INTERNAL,
    )
    uow.record(
        InteractionRecorded(
            subject_id=case_id or 0, interaction_id=interaction_id, channel=channel, interaction_kind=kind
        )
    )
    return interaction_id


def add_note(uow: UnitOfWork, reach: Reach, case_id: int, body: str, *, kind: str = "note") -> int:
    """Say something among us; it is never public. Returns the interaction's id.

    Raises:
        Invalid: nothing was written.
    """
    require(uow.actor, Permission.CASE_NOTE, reach)
    said = clean(body)
    if not said:
        raise Invalid({"body": "required"})
    note_id = _insert(
        uow,
        case_id=case_id,
        direction=Direction.INTERNAL,
        channel="internal",
        kind=kind,
        body=said,
        state=SendingState.RECORDED,
        occurred_at=uow.now,
    )
    uow.record(NoteAdded(subject_id=case_id, interaction_id=note_id, note_kind=kind))
    return note_id


def queue_message(uow: UnitOfWork, reach: Reach | None, case_id: int | None, message: Message) -> int:
    """Keep a message to be sent, printed or said; a job, a printer or a caller does it. Returns its id.

    Args:
        case_id: None for what was answered at once, without a demand.

    What its usager said they do not want is kept as cancelled, with the reason, and goes nowhere.

    Raises:
        Invalid: an unknown channel, nobody to send to, or nothing to say.
    """
    if message.kind in _AT_OPENING:
        require(uow.actor, Permission.CASE_CREATE)
    else:
        require(uow.actor, _SENDING.get(message.kind, Permission.MESSAGE_SEND), reach)
    kept = checked(message)
    held = timedelta(seconds=kept.held_seconds)
    unwanted = is_declined(uow.session, kept.contact_id, kept.kind)
    message_id = _insert(
        uow,
        **_of_message(case_id, kept),
        state=SendingState.CANCELLED if unwanted else FIRST_STATES[kept.channel],
        last_error=UNWANTED if unwanted else None,
        occurred_at=uow.now,
        held_until=uow.now + held if held else None,
    )
    fact = MessageCancelled if unwanted else MessageQueued
    uow.record(
        fact(
            subject_id=case_id or 0, interaction_id=message_id, channel=kept.channel, message_kind=kept.kind
        ),
        due_in=held,
    )
    return message_id


def _of_message(case_id: int | None, kept: Message) -> dict[str, object]:
    return {
        "case_id": case_id if kept.watcher_id is None else None,  # the thread of the case is its requester's
        "contact_id": kept.contact_id,
        "watcher_id": kept.watcher_id,
        "direction": Direction.OUT,
        "channel": kept.channel,
        "kind": kept.kind,
        "subject": kept.subject,
        "body": kept.body,
        "recipient": kept.recipient,
        "promised_at": kept.promised_at,
        "promised_until": kept.promised_until,
        "is_public": kept.is_public,
    }


def mark_printed(uow: UnitOfWork, ids: Sequence[int]) -> list[int]:
    """The letters left on paper. Returns those that were still to print: printing twice is done once."""
    require(uow.actor, Permission.LETTER_PRINT)
    printed = uow.session.execute(
        sa.update(Interaction)
        .where(Interaction.id.in_(ids), Interaction.state == SendingState.TO_PRINT)
        .values(state=SendingState.PRINTED, sent_at=uow.now)
        .returning(Interaction.id, Interaction.case_id, Interaction.kind)
        .execution_options(synchronize_session=False)
    ).all()
    for row in printed:
        uow.record(LetterPrinted(subject_id=row.case_id or 0, interaction_id=row.id, message_kind=row.kind))
    return sorted(row.id for row in printed)


def mark_called(
    uow: UnitOfWork, interaction_id: int, note: str = "", *, reached: bool = True, reach: Reach | None = None
) -> None:
    """Somebody called back. Without an answer the task stays, one try older; the note is kept either way.

    Args:
        reach: the case it is about; without it, only who calls everybody back may.

    Raises:
        NotFound: no such call is to be made: it was done, cancelled, or never was.
    """
    require(uow.actor, Permission.CALLBACK_DO, reach)
    if reach is None and not everywhere(uow.actor, Permission.CALLBACK_DO):
        raise NotAllowed(permission=Permission.CALLBACK_DO)
    done = {"state": SendingState.CALLED, "sent_at": uow.now} if reached else {}
    row = uow.session.execute(
        sa.update(Interaction)
        .where(Interaction.id == interaction_id, Interaction.state == SendingState.TO_CALL)
        .values(tries=Interaction.tries + 1, **done)
        .returning(Interaction.case_id, Interaction.kind)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        raise NotFound(interaction=interaction_id)
    if said := clean(note):
        _insert(
            uow,
            case_id=row.case_id,
            direction=Direction.INTERNAL,
            channel="phone",
            kind="call",
            body=said,
            state=SendingState.RECORDED,
            occurred_at=uow.now,
        )
    uow.record(
        CallMade(
            subject_id=row.case_id or 0,
            interaction_id=interaction_id,
            message_kind=row.kind,
            reached=reached,
        )
    )


def cancel_messages(uow: UnitOfWork, reach: Reach, case_id: int) -> list[int]:
    """Hold back every message of the case that has not left. Returns their ids."""
    require(uow.actor, Permission.CASE_CANCEL, reach)
    return _cancel(uow, case_id, Interaction.state.in_(NOT_LEFT))


def cancel_automatic(uow: UnitOfWork, reach: Reach, case_id: int, *, but: Collection[str]) -> list[int]:
    """Hold back what the programme wrote to usagers about the case and has not left, calls to make excepted:
    from now on few may read it.

    Args:
        but: kinds of messages that leave all the same.
    """
    require(uow.actor, Permission.CASE_RESTRICT, reach)
    written = Interaction.state.in_([*TO_SEND, SendingState.TO_PRINT])
    ours = sa.and_(Interaction.agent_id.is_(None), Interaction.contact_id.is_not(None))
    return _cancel(uow, case_id, sa.and_(written, ours, Interaction.kind.not_in(but)))


def _cancel(uow: UnitOfWork, case_id: int, which: sa.ColumnElement[bool]) -> list[int]:
    cancelled = uow.session.execute(
        sa.update(Interaction)
        .where(Interaction.case_id == case_id, which)
        .values(state=SendingState.CANCELLED)
        .returning(Interaction.id, Interaction.channel, Interaction.kind)
        .execution_options(synchronize_session=False)
    ).all()
    for row in cancelled:
        uow.record(
            MessageCancelled(
                subject_id=case_id, interaction_id=row.id, channel=row.channel, message_kind=row.kind
            )
        )
    return sorted(row.id for row in cancelled)


def _right_to_record(actor: Actor, kind: str, reach: Reach | None) -> tuple[Permission, Reach | None]:
    if kind in _AT_OPENING:
        return Permission.CASE_CREATE, None
    if kind in _REPLIES:
        return Permission.CASE_TALK, reach
    return Permission.CASE_FOLLOW_UP if actor.kind == "resident" else Permission.CASE_NOTE, reach


def _insert(uow: UnitOfWork, **columns: object) -> int:
    by_agent = uow.actor.kind == "agent"
    row = {
        "created_at": uow.now,
        "agent_id": uow.actor.id if by_agent else None,
        "organization_id": uow.actor.organization_id,
        **columns,
    }
    return int(uow.session.execute(_INSERT, row).scalar_one())
