"""How a usager likes to be answered, in which language, and what they do not want from us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import require
from crm.contacts.events import ContactEdited
from crm.contacts.models import ANSWER_CHANNELS, Contact
from crm.contacts.queries import ContactCard, contact_card
from crm.contacts.rights import right_to_say
from crm.foundation import Conflict, Invalid, NotFound, UnitOfWork

LANGUAGES = ("fr", "en")
# Which messages somebody may do without, and the wish that says so. A kind that is not here is owed whatever
# they said: receipts and transmission (CRPA L112-3, L112-11, L114-2), the question and the answer of their
# own demand, a date that will not be kept, what protects their address.
REFUSABLE: Mapping[str, str] = {
    "secured": "no_steps",
    "reopened": "no_steps",
    "follower_news": "no_news",
    "survey": "no_surveys",  # none leaves today; the day one does, it asks here
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """
    Args:
        preferred_channel: email, sms, letter or phone; empty when they did not say.
        no_surveys, no_steps, no_news: refused; `REFUSABLE` says which messages each of them stops.
    """

    preferred_channel: str = ""
    language: str = "fr"
    no_surveys: bool = False
    no_steps: bool = False
    no_news: bool = False


def declines(card: ContactCard, kind: str) -> bool:
    """Do they want no message of this kind?"""
    wish = REFUSABLE.get(kind)
    return wish is not None and bool(getattr(card, wish))


def is_declined(session: Session, contact_id: int | None, kind: str) -> bool:
    """The same, of whom only the id is known; no statement for what is owed anyway."""
    if contact_id is None or kind not in REFUSABLE:
        return False
    return declines(contact_card(session, contact_id), kind)


def change_wishes(uow: UnitOfWork, contact_id: int, wishes: Wishes, *, seen_version: int) -> None:
    """
    Raises:
        Invalid: a channel or a language that we do not have.
        NotFound: no such contact.
        Conflict: somebody corrected it since the agent saw `seen_version`.
    """
    require(uow.actor, right_to_say(uow.actor))
    if wishes.preferred_channel not in ANSWER_CHANNELS:
        raise Invalid({"preferred_channel": "unknown"})
    if wishes.language not in LANGUAGES:
        raise Invalid({"language": "unknown"})
    found = uow.session.scalar(
        sa.update(Contact)
        .where(Contact.id == contact_id, Contact.version == seen_version)
        .values(
            preferred_channel=wishes.preferred_channel,
            language=wishes.language,
            no_surveys=wishes.no_surveys,
            no_steps=wishes.no_steps,
            no_news=wishes.no_news,
            version=Contact.version + 1,
        )
        .returning(Contact.id)
        .execution_options(synchronize_session=False)
    )
    if found is None:
        current = uow.session.scalar(sa.select(Contact.version).where(Contact.id == contact_id))
        raise (
            NotFound(contact=contact_id) if current is None else Conflict(seen=seen_version, current=current)
        )
    uow.record(ContactEdited(subject_id=contact_id))
