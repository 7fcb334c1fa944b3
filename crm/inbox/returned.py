"""A message of ours came back: the address is marked, the message refused, agents see both. Or it arrived."""

from __future__ import annotations

from crm.channels import Understood, is_dead
from crm.contacts import mark_failed
from crm.foundation import UnitOfWork
from crm.inbox.models import Inbound
from crm.inbox.threads import Thread
from crm.interactions import Delivered, NotSent, mark_refused, note_delivery


def take_back(uow: UnitOfWork, channel: str, told: Understood, thread: Thread | None) -> str:
    """Returns the code of what was understood of it.

    Only what names a message of ours and the very address it went to is believed: anybody may write that
    somebody's address is dead.
    """
    bounced = told.details.get("bounced", "").split()
    if thread is None or thread.interaction_id is None:
        return "bounce_of_nothing_known"
    if thread.recipient.lower() not in bounced:
        return "bounce_of_another_address"
    status = told.details.get("status", "")
    mark_refused(uow, [NotSent(thread.interaction_id, f"bounce_{status}" if status else "bounce")])
    if not is_dead(status):
        return "bounce_for_now"
    mark_failed(uow, channel, thread.recipient.lower(), f"bounce_{status}" if status else "bounce")
    return "bounce"


def take_receipt(uow: UnitOfWork, row: Inbound, told: Understood, thread: Thread | None) -> str:
    """The same of what arrived; believed of the same two things. Anything else changes no message."""
    if told.why != "delivered":
        return told.why
    arrived = told.details.get("delivered", "").split()
    if thread is None or thread.interaction_id is None or thread.recipient.lower() not in arrived:
        return "delivery_report"
    at = min(told.sent_at or row.received_at, row.received_at)
    note_delivery(uow, Delivered(at=at, message_id=thread.interaction_id, channel=row.channel))
    row.interaction_id = thread.interaction_id
    return told.why
