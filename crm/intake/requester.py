"""Whoever asks, whatever they ask for: who they are, and whether the answer they want can reach them."""

from __future__ import annotations

from typing import Protocol

from crm.cases import require_contact
from crm.contacts import NewContact, find_or_create_contact
from crm.foundation import UnitOfWork

_WAYS = {"email": "email", "sms": "phone", "phone": "phone", "letter": "postal"}


class Requester(Protocol):
    @property
    def contact_id(self) -> int | None: ...
    @property
    def contact(self) -> NewContact | None: ...
    @property
    def answer_channel(self) -> str: ...


def can_answer(told: Requester) -> bool:
    """Whoever wants an answer left the means; a known contact's are checked when the answer is written."""
    if told.answer_channel == "none" or told.contact_id is not None:
        return True
    way = _WAYS.get(told.answer_channel)
    return bool(way and told.contact and getattr(told.contact, way))


def contact_of(uow: UnitOfWork, told: Requester) -> int | None:
    """Found, completed or made; None when they say nothing of themselves.

    Raises:
        NotFound: the contact chosen is none that the actor may know.
    """
    if told.contact_id is None and told.contact is None:
        return None
    if told.contact_id is not None:
        require_contact(uow.session, uow.actor, told.contact_id)
    return find_or_create_contact(uow, told.contact or NewContact(), contact_id=told.contact_id)
