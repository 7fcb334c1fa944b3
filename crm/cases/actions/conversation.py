"""Usager and centre write to each other on the tracking page, without the demand moving."""

from __future__ import annotations

from datetime import timedelta

from crm.access import Permission
from crm.cases.actions.loading import hold
from crm.cases.assessment import Rulebook
from crm.cases.events import CaseReminded, UsagerMessageAnswered, UsagerMessageRead, UsagerWrote
from crm.cases.models import Case
from crm.cases.reminders import may_ever_remind, reminder_from
from crm.foundation import PARIS, Conflict, IllegalStep, Invalid, UnitOfWork, clean
from crm.interactions import Direction, Message, exchanges, known_exchange, queue_message, record_interaction

LONGEST = 10_000  # characters of one message
MOST_A_DAY = 10  # messages of one usager on one demand
_A_DAY = timedelta(days=1)
PUBLICLY, PRIVATELY = "public_reply", "private_reply"
# Kinds of a conversation.
SPOKEN = frozenset({"message", "reply", "precision", "question", "answer", PUBLICLY, PRIVATELY})


def write_to_centre(uow: UnitOfWork, reference: str, text: str, *, key: str) -> Case:
    """The usager writes; the demand shows among « Messages d’usagers » until somebody answers.

    Args:
        key: made with the form: sent twice, it is one message.

    Raises:
        Invalid: nothing was written, too much, or too often today.
    """
    case = hold(uow, reference, Permission.CASE_FOLLOW_UP)
    own_key = f"{case.id}:{clean(key)}"
    if known_exchange(uow.session, "web", own_key) is not None:
        return case
    said = _checked(text)
    if _written_today(uow, case) >= MOST_A_DAY:
        raise Invalid({"text": "enough_today"})
    message_id = record_interaction(
        uow,
        case,
        case.id,
        channel="web",
        kind="message",
        body=said,
        contact_id=case.contact_id,
        external_id=own_key,
    )
    case.updated_at = uow.now
    case.message_waiting_since = case.message_waiting_since or uow.now
    uow.record(UsagerWrote(subject_id=case.id, interaction_id=message_id))
    return case


def _written_today(uow: UnitOfWork, case: Case) -> int:
    recent = exchanges(uow.session, case.id, public_only=True, limit=50)
    return sum(one.kind == "message" and one.occurred_at > uow.now - _A_DAY for one in recent)


def answer_message(
    uow: UnitOfWork, reference: str, text: str, *, key: str, seen_message: int, notice: Message | None
) -> Case:
    """An agent answers in the thread; the demand stays as it is, and the usager is told by their channel.

    Args:
        seen_message: the last exchange that the agent had under their eyes; 0 for none.
        notice: the word that tells the usager; None when there is no way to reach them.

    Raises:
        Invalid: nothing was written, or too much.
        Conflict: something was said since: a colleague answered, or the usager wrote again.
    """
    case = hold(uow, reference, Permission.CASE_TALK)
    own_key = f"{case.id}:{clean(key)}"
    if known_exchange(uow.session, "web", own_key) is not None:
        return case
    said = _checked(text)
    if (last := _last_spoken(uow, case)) != seen_message:
        raise Conflict(seen=seen_message, current=last)
    answer_id = record_interaction(
        uow,
        case,
        case.id,
        channel="web",
        kind="reply",
        body=said,
        direction=Direction.OUT,
        contact_id=case.contact_id,
        external_id=own_key,
    )
    case.updated_at, case.message_waiting_since = uow.now, None
    case.reminder_waiting_since = None
    uow.record(UsagerMessageAnswered(subject_id=case.id, interaction_id=answer_id))
    if notice is not None:
        queue_message(uow, case, case.id, notice)
    return case


def _last_spoken(uow: UnitOfWork, case: Case) -> int:
    talk = exchanges(uow.session, case.id, public_only=True, limit=50)
    return max((one.id for one in talk if one.kind in SPOKEN), default=0)


def note_network_answer(uow: UnitOfWork, reference: str, text: str, *, private: bool = False) -> Case:
    """What an agent answered by hand on the network: kept in the thread, sent nowhere.

    Args:
        private: in a message to the usager alone; else where everybody reads it.

    Raises:
        Invalid: nothing was written, or too much.
    """
    case = hold(uow, reference, Permission.CASE_TALK)
    answer_id = record_interaction(
        uow,
        case,
        case.id,
        channel="social",
        kind=PRIVATELY if private else PUBLICLY,
        body=_checked(text),
        direction=Direction.OUT,
        contact_id=case.contact_id,
    )
    case.updated_at, case.message_waiting_since = uow.now, None
    uow.record(UsagerMessageAnswered(subject_id=case.id, interaction_id=answer_id))
    return case


def set_message_aside(uow: UnitOfWork, reference: str) -> Case:
    """The message was read and needs no answer."""
    case = hold(uow, reference, Permission.CASE_TALK)
    if case.message_waiting_since is not None:
        case.message_waiting_since = None
        uow.record(UsagerMessageRead(subject_id=case.id))
    return case


def remind_centre(uow: UnitOfWork, book: Rulebook, reference: str) -> Case:
    """The usager asks where it stands. Kept and shown to the service; the priority does not change.

    Asking twice the same day is asking once.

    Raises:
        IllegalStep: it has ended, or it is for the usager to answer.
        Invalid: less than five working days since they last asked.
    """
    case = hold(uow, reference, Permission.CASE_FOLLOW_UP)
    today = uow.now.astimezone(PARIS).date()
    if case.reminded_at is not None and case.reminded_at.astimezone(PARIS).date() == today:
        return case
    if not may_ever_remind(case):
        raise IllegalStep(verb="remind", state=case.state)
    if today < reminder_from(book.calendar, case):
        raise Invalid({"reminder": "too_soon"})
    asked_id = record_interaction(
        uow, case, case.id, channel="web", kind="follow_up", contact_id=case.contact_id
    )
    case.updated_at = case.reminded_at = case.reminder_waiting_since = uow.now
    case.reminder_count += 1
    uow.record(CaseReminded(subject_id=case.id, interaction_id=asked_id))
    return case


def _checked(text: str) -> str:
    said = clean(text)
    if not said:
        raise Invalid({"text": "required"})
    if len(said) > LONGEST:
        raise Invalid({"text": "too_long"})
    return said
