"""A text message: does it answer one of ours? Only when there is a single demand it can be about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from crm.cases import Incoming, case_by_id, receive_message
from crm.channels import Nature, Understood, sms_wish
from crm.contacts import accept_sms, contacts_at, prove_point, refuse_sms
from crm.foundation import Unavailable, UnitOfWork
from crm.inbox.models import Inbound, Outcome
from crm.interactions import Delivered, cases_told_by_sms, note_delivery, one_message

LATELY = timedelta(days=30)
_RACE = timedelta(minutes=2)  # a receipt may come before the worker noted how the provider calls the message
# How gateways say that their own list holds back what we send to a number.
_ON_A_LIST = frozenset({"stop", "stopped", "opted_out", "opt_out", "optout", "unsubscribed", "blacklisted"})

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
    if settled := _settle_wish(uow, row, told):
        return settled
    cases = cases_told_by_sms(uow.session, told.sender, uow.now - LATELY)
    if len(cases) != 1:
        return Outcome.WAITING, "several_demands" if cases else "no_demand_known"
    reference = case_by_id(uow.session, cases[0]).reference
    came = Incoming(
        channel="sms", external_id=row.external_id, text=told.text, received_at=row.received_at, shown=True
    )
    case, row.interaction_id = receive_message(uow, reference, came)
    row.case_id, row.contact_id = case.id, case.contact_id
    prove_point(uow, "phone", told.sender, how="reply")
    return Outcome.REPLY, None


def _settle_wish(uow: UnitOfWork, row: Inbound, told: Understood) -> Settled | None:
    """« STOP » is obeyed, whatever demand it followed; « REPRENDRE » means something after it alone."""
    wish = sms_wish(told.text)
    if wish == "stop":
        refuse_sms(uow, told.sender, "sms")
    elif wish != "again" or not accept_sms(uow, told.sender, "sms"):
        return None
    whose = contacts_at(uow.session, "phone", told.sender)
    row.contact_id = whose[0] if len(whose) == 1 else None
    return Outcome.INFORMATION, f"sms_{wish}"


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
    if said["status"].lower().replace("-", "_") in _ON_A_LIST:
        refuse_sms(uow, one_message(uow.session, message_id).recipient, "operator")
    return Outcome.RECEIPT, None
