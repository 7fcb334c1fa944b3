"""« Moi aussi » at the door: whoever reports what is known already follows it; no case is made."""

from __future__ import annotations

from dataclasses import dataclass

from crm.access import Permission, require
from crm.cases import (
    CaseResembled,
    Followed,
    Following,
    Opened,
    Place,
    Rulebook,
    follow_case,
    nearby,
    sought,
)
from crm.contacts import NewContact
from crm.foundation import SYSTEM, Invalid, UnitOfWork, clean
from crm.intake.drafts import draft_became
from crm.intake.requester import can_answer, contact_of

_WORTH_COMPARING = 0.55  # of a likeness: below, a person who reads both finds them different


@dataclass(frozen=True, slots=True, kw_only=True)
class MeToo:
    """Somebody who reports what another reported.

    Args:
        key: made with the form; the same key twice is one follower.
        contact_id: a known contact; `contact` then only adds ways to reach them.
        said: their own words, for agents.
        reserved: the reference of the form they were about to fill: its draft is done with.
    """

    key: str
    channel: str
    contact_id: int | None = None
    contact: NewContact | None = None
    answer_channel: str = "none"
    said: str = ""
    reserved: str | None = None


def register_follower(uow: UnitOfWork, reference: str, demand: MeToo) -> tuple[Followed, int | None]:
    """Attach them to the demand they recognised. Returns what they follow, and who they are.

    Raises:
        Invalid: they want an answer and left no way to be reached.
        NotFound: no such demand, or none that the actor may see; the same of the contact.
    """
    require(uow.actor, Permission.CASE_FOLLOW)
    nobody = demand.contact is None and demand.contact_id is None
    if not nobody and not can_answer(demand):
        raise Invalid({"answer_channel": "no_way_to_answer"})
    contact_id = contact_of(uow, demand)
    following = Following(
        key=demand.key,
        channel=demand.channel,
        contact_id=contact_id,
        answer_channel=demand.answer_channel,
        said=clean(demand.said),
    )
    followed = follow_case(uow, reference, following)
    if demand.reserved and uow.actor.kind == "agent":
        draft_became(uow, demand.reserved, followed.case_id)
    return followed, contact_id


def note_what_resembles(uow: UnitOfWork, book: Rulebook, done: Opened, said: str, place: Place) -> None:
    """Whatever the door, who works on the case knows that others nearby look like it. One statement."""
    found = done.assessment
    if found is None or found.category is None:
        return
    wanted = sought(book.catalogue, found.category.code, said, place, but=done.id)
    near = nearby(uow.session, book.catalogue, SYSTEM, wanted, uow.now) if wanted else []
    alike = [one.reference for one in near if one.score >= _WORTH_COMPARING or one.announcement]
    if alike:
        uow.record(CaseResembled(subject_id=done.id, references=", ".join(alike)))
