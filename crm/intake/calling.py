"""What a conversation leaves on the case it makes: for whom it was, what was said of a danger, why in spite
of a stopper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crm.access import Permission, require
from crm.cases import ContactRole, DangerSaid, DangerUnsaid, Rulebook, keep_others, note_stepped_out
from crm.catalogue import dangers_in
from crm.contacts import NewContact, find_or_create_contact
from crm.foundation import Invalid, UnitOfWork, clean
from crm.interactions import Direction, record_interaction

_ALOUD = frozenset({"phone", "phone_relay", "desk"})  # elsewhere nothing can be said at once
LONGEST_MOTIVE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ForSomebody:
    """For whom the requester asks.

    Args:
        in_their_name: they act by mandate (guardian, proxy), not only to help.
    """

    contact: NewContact
    in_their_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """
    Args:
        seconds: how long it lasted, when known.
        dangers_said: code → when the agent said what to do and checked it.
        off_script: why a demand is made although an answer stops it; empty when none does.
    """

    seconds: int | None = None
    dangers_said: Mapping[str, datetime] = field(default_factory=dict)
    off_script: str = ""
    for_somebody: ForSomebody | None = None


def remember_conversation(
    uow: UnitOfWork,
    book: Rulebook,
    case_id: int,
    contact_id: int | None,
    said: Conversation,
    told: tuple[str, str],
) -> None:
    """Written as the case is opened, by the right to open it.

    Args:
        told: by which channel, and in which words.

    Raises:
        Invalid: nobody, or no way of ours to reach them, where somebody else is told of.
    """
    channel, words = told
    if channel in _ALOUD and uow.actor.kind == "agent":
        _dangers(uow, book, case_id, said, words)
    if motive := clean(said.off_script)[:LONGEST_MOTIVE]:
        note_id = record_interaction(
            uow, None, case_id, channel=channel, kind="off_script", body=motive,
            direction=Direction.INTERNAL,
        )  # fmt: skip
        note_stepped_out(uow, case_id, note_id)
    if said.for_somebody:
        _others(uow, case_id, contact_id, said.for_somebody)


def note_dangers(uow: UnitOfWork, book: Rulebook, case_id: int, said: Conversation, words: str) -> None:
    """The same, of somebody who joins a demand that is known already."""
    require(uow.actor, Permission.CASE_CREATE)
    _dangers(uow, book, case_id, said, words)


def _dangers(uow: UnitOfWork, book: Rulebook, case_id: int, said: Conversation, words: str) -> None:
    """Said once is said, even if the words were corrected since."""
    for code, at in said.dangers_said.items():
        if book.catalogue.danger(code):
            uow.record(DangerSaid(subject_id=case_id, danger=code, said_at=at.isoformat()))
    for danger in dangers_in(book.catalogue, words):
        if danger.code not in said.dangers_said:
            uow.record(DangerUnsaid(subject_id=case_id, danger=danger.code))


def _others(uow: UnitOfWork, case_id: int, contact_id: int | None, for_whom: ForSomebody) -> None:
    try:
        other = find_or_create_contact(uow, for_whom.contact)
    except Invalid as refusal:
        raise Invalid({f"other_{name}": code for name, code in refusal.fields.items()}) from refusal
    others = [(other, ContactRole.BENEFICIARY)]
    if for_whom.in_their_name and contact_id is not None:
        others.append((contact_id, ContactRole.PROXY))
    keep_others(uow.session, case_id, others)
