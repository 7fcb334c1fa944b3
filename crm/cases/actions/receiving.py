"""A message that came in joins the demand it is about: the thread goes on, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.access import Permission
from crm.cases.actions.loading import hold
from crm.cases.events import CaseReplied, UsagerWrote
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.foundation import UnitOfWork, clean
from crm.interactions import known_exchange, record_interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What came in.

    Args:
        external_id: of the arrival: taken in twice, it is one message.
        shown: its author is the usager of the demand, or an agent said that they may read it.
    """

    channel: str
    external_id: str
    text: str
    received_at: datetime
    subject: str = ""
    shown: bool = True


def receive_message(uow: UnitOfWork, reference: str, came: Incoming) -> tuple[Case, int]:
    """Put a message in the thread of a demand; returns the case and the interaction's id.

    If we were waiting for the usager, work goes on; else the demand shows among « Messages d’usagers »,
    ended or not. It is never opened again by a message alone: a person reads it first. A message that its
    usager may not see answers nothing.
    """
    case = hold(uow, reference, Permission.CASE_TALK)
    own_key = f"{case.id}:{came.external_id}"
    known = known_exchange(uow.session, came.channel, own_key)
    if known is not None:
        return case, known
    answers = came.shown and case.state == CaseState.WAITING_REQUESTER
    interaction_id = record_interaction(
        uow,
        case,
        case.id,
        channel=came.channel,
        kind="precision" if answers else "message",
        subject=clean(came.subject),
        body=clean(came.text),
        contact_id=case.contact_id if came.shown else None,
        occurred_at=came.received_at,
        external_id=own_key,
        is_public=came.shown,
    )
    case.updated_at = uow.now
    if answers:
        _go_on(uow, case, interaction_id)
    else:
        case.message_waiting_since = case.message_waiting_since or came.received_at
        uow.record(UsagerWrote(subject_id=case.id, interaction_id=interaction_id))
    return case, interaction_id


def _go_on(uow: UnitOfWork, case: Case, interaction_id: int) -> None:
    case.move("reply", case.version)
    if case.accepted_by_id is None and case.unit_id is not None:
        case.state = CaseState.ASSIGNED
    uow.record(CaseReplied(subject_id=case.id, interaction_id=interaction_id))
