"""How a usager likes to be answered, in which language, and what they do not want from us."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.access import Permission, require
from crm.contacts.events import ContactEdited
from crm.contacts.models import ANSWER_CHANNELS, Contact
from crm.foundation import Conflict, Invalid, NotFound, UnitOfWork

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """
    Args:
        preferred_channel: email, sms, letter or phone; empty when they did not say.
        no_surveys, no_news: refused; the answers to their demands are owed all the same.
    """

    preferred_channel: str = ""
    language: str = "fr"
    no_surveys: bool = False
    no_news: bool = False


def change_wishes(uow: UnitOfWork, contact_id: int, wishes: Wishes, *, seen_version: int) -> None:
    """
    Raises:
        Invalid: a channel or a language that we do not have.
        NotFound: no such contact.
        Conflict: somebody corrected it since the agent saw `seen_version`.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
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
