"""A demand whose usager was written to by mail, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.attachments import files_of_case
from crm.cases import Case, CaseState, one_case
from crm.channels import Arrival
from crm.foundation import SYSTEM, EventRow, UnitOfWork
from crm.inbox import Inbound, store_inbound, understand
from crm.interactions import Exchange, Message, Sent, begin_sending, exchanges, mark_sent, queue_message
from tests import given
from tests.channels.mails import ANA, NAMES, RECEIVER, SETTINGS

RECEIVERS = {"email": RECEIVER}


@dataclass(frozen=True)
class Written:
    """`message_id` and `address`: of the mail that the usager received."""

    reference: str
    case_id: int
    interaction_id: int
    message_id: str
    address: str


def written_to(
    uow: UnitOfWork,
    town: given.Town,
    state: CaseState = CaseState.IN_PROGRESS,
    *,
    email: str = ANA,
    kind: str = "answer",
    is_public: bool = True,
) -> Written:
    contact = given.contact(uow, email=email)
    reference = given.open_case(uow, town.book, state, contact_id=contact, answer_channel="email")
    case = one_case(uow.session, SYSTEM, reference)
    said = Message(
        kind=kind, channel="email", recipient=email, body="Bonjour.", contact_id=contact, is_public=is_public
    )
    sent = queue_message(uow, case, case.id, said)
    (leaving,) = begin_sending(uow, [sent], name=NAMES.message_id)
    mark_sent(uow, [Sent(sent)])
    return Written(reference, case.id, sent, leaving.message_id, NAMES.reply_address(sent))


def arrive(uow: UnitOfWork, content: bytes, box: str = "relation", **about: str) -> Inbound:
    """Stored, then understood, as the worker does."""
    arrival = Arrival(
        external_id=f"{box}:{hash(content)}",
        source=box,
        content=content,
        media_type="message/rfc822",
        about=about,
    )
    inbound_id = store_inbound(uow, "email", arrival)
    assert inbound_id is not None
    understand(uow, RECEIVERS, inbound_id, SETTINGS)
    uow.session.flush()
    return uow.session.get_one(Inbound, inbound_id)


def thread(uow: UnitOfWork, written: Written, *, public_only: bool = False) -> list[Exchange]:
    return exchanges(uow.session, written.case_id, public_only=public_only)


def case_of(uow: UnitOfWork, written: Written) -> Case:
    return uow.session.get_one(Case, written.case_id, populate_existing=True)


def file_names(uow: UnitOfWork, written: Written) -> list[str]:
    return [file.name for file in files_of_case(uow.session, written.case_id)]


def kinds(uow: UnitOfWork, case_id: int) -> list[str]:
    """The facts of a case so far."""
    uow.write_events()
    told = sa.select(EventRow.kind).where(EventRow.subject_kind == "case", EventRow.subject_id == case_id)
    return list(uow.session.scalars(told.order_by(EventRow.id)))
