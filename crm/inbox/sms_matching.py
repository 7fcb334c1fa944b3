"""A text message: does it answer one of ours? Only when there is a single demand it can be about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from crm.cases import Incoming, case_by_id, receive_message
from crm.channels import Nature, Understood
from crm.foundation import Unavailable, UnitOfWork
from crm.inbox.models import Inbound, Outcome
from crm.interactions import Delivered, cases_told_by_sms, note_delivery

LATELY = timedelta(days=30)
_RACE = timedelta(minutes=2)  # a receipt may come before the worker noted how the provider calls the message

Settled = tuple[Outcome, str | None]


def settle_sms(uow: UnitOfWork, row: Inbound, told: Understood) -> Settled:
    """Join the demand, or say why a person must look.

    Raises:
        Unavailable: a receipt of something that nobody has noted as sent yet; it is read again later.
    """
    if told.nature is Nature.RECEIPT:
        return _receipt(uow, row, told)
    if told.nature is not Nature.MESSAGE:
        return Outcome.WAITING, None
    if not told.sender.startswith("+"):
        return Outcome.WAITING, "hidden_number"
    cases = cases_told_by_sms(uow.session, told.sender, uow.now - LATELY)
    if len(cases) != 1:
        return Outcome.WAITING, "several_demands" if cases else "no_demand_known"
    reference = case_by_id(uow.session, cases[0]).reference
    came = Incoming(
        channel="sms", external_id=row.external_id, text=told.text, received_at=row.received_at, shown=True
    )
    case, row.interaction_id = receive_message(uow, reference, came)
    row.case_id, row.contact_id = case.id, case.contact_id
    return Outcome.REPLY, None


def _receipt(uow: UnitOfWork, row: Inbound, told: Understood) -> Settled:
    said: Mapping[str, str] = told.details
    if said["state"] == "sent":
        return Outcome.RECEIPT, None
    ref = said["ref"]
    message_id = note_delivery(
        uow,
        Delivered(
            at=min(told.sent_at or row.received_at, row.received_at),
            message_id=int(ref) if ref.isascii() and ref.isdigit() else None,
            provider_id=said["provider_id"],
            failed=(said["status"] or "undelivered") if said["state"] == "failed" else "",
        ),
    )
    if message_id is None:
        if row.received_at > uow.now - _RACE:
            raise Unavailable(server="sms", why="not_noted_yet")
        return Outcome.DISCARDED, "unknown_message"
    row.interaction_id = message_id
    return Outcome.RECEIPT, None
