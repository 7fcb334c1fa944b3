"""Two contacts are one person, a person says so; and can say afterwards that they were not.

The one absorbed stays as a stone that points to the other. What moved is kept, row by row, so that it goes
back exactly; what came after the merge belongs to the one that stayed.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.access import Permission, require
from crm.contacts.events import ContactsMerged, ContactsParted, ContactsToldApart
from crm.contacts.holders import move_all, move_back
from crm.contacts.models import Contact, ContactLink, ContactMerge, DistinctContacts
from crm.contacts.points import recount_shared
from crm.foundation import Conflict, Invalid, NotFound, UnitOfWork, clean

# Wishes that the one who stays takes over where it had none.
_WISHES = ("preferred_channel", "no_surveys", "no_steps", "no_news")
_AT_REST = sa.text(
    """
    WITH RECURSIVE below AS (
      SELECT absorbed_id FROM contact_merges WHERE survivor_id = :top AND undone_at IS NULL
      UNION
      SELECT m.absorbed_id FROM contact_merges m JOIN below b ON m.survivor_id = b.absorbed_id
      WHERE m.undone_at IS NULL
    )
    UPDATE contacts SET merged_into_id = :top WHERE id IN (SELECT absorbed_id FROM below)
    """
)


def merge_contacts(
    uow: UnitOfWork, survivor_id: int, absorbed_id: int, *, reason: str, seen: dict[int, int]
) -> int:
    """Everything of one goes to the other. Returns the merge's id.

    Args:
        seen: the version of each contact that the agent compared.

    Raises:
        Invalid: no reason, or twice the same contact, or a person and an organisation.
        NotFound: one of them does not exist.
        Conflict: one of them was corrected or merged meanwhile.
    """
    require(uow.actor, Permission.CONTACT_MERGE)
    said = clean(reason)
    if not said:
        raise Invalid({"reason": "required"})
    kept, gone = _locked(uow, survivor_id, absorbed_id)
    if kept.kind != gone.kind:
        raise Invalid({"other": "other_kind"})
    for one in (kept, gone):
        if one.merged_into_id is not None or one.version != seen.get(one.id):
            raise Conflict(seen=seen.get(one.id, 0), current=one.version)
    merge = ContactMerge(
        survivor_id=kept.id,
        absorbed_id=gone.id,
        reason=said,
        moved=_join(uow, kept, gone),
        merged_at=uow.now,
        merged_by_id=_agent(uow),
    )
    uow.session.add(merge)
    uow.session.flush()
    uow.record(ContactsMerged(subject_id=kept.id, merge_id=merge.id, absorbed_contact=gone.id))
    return merge.id


def unmerge_contact(uow: UnitOfWork, absorbed_id: int, *, reason: str) -> int:
    """Put back what moved. Returns the id of the contact that had stayed.

    Raises:
        Invalid: no reason.
        NotFound: no such merge stands.
        Conflict: the one that stayed was merged in its turn: that merge is undone first.
    """
    require(uow.actor, Permission.CONTACT_MERGE)
    said = clean(reason)
    if not said:
        raise Invalid({"reason": "required"})
    found = uow.session.scalar(_standing(absorbed_id).with_only_columns(ContactMerge.survivor_id))
    if found is None:
        raise NotFound(contact=absorbed_id)
    kept, gone = _locked(uow, found, absorbed_id)
    merge = uow.session.scalar(_standing(absorbed_id).with_for_update())
    if merge is None or kept.merged_into_id is not None:
        raise Conflict(seen=kept.version, current=kept.version)
    _part(uow, kept, gone, merge.moved)
    merge.undone_at, merge.undone_by_id, merge.undone_reason = uow.now, _agent(uow), said
    uow.session.flush()
    _move_what_waits(uow, kept)
    _recount(uow, kept, gone)
    uow.record(ContactsParted(subject_id=kept.id, merge_id=merge.id, absorbed_contact=gone.id))
    return kept.id


def tell_apart(uow: UnitOfWork, one_id: int, other_id: int) -> None:
    """They look alike and are not the same: it is not suggested again.

    Raises:
        Invalid: twice the same contact.
    """
    require(uow.actor, Permission.CONTACT_MERGE)
    one, other = sorted((one_id, other_id))
    if one == other:
        raise Invalid({"other": "same"})
    kept = postgresql.insert(DistinctContacts).values(
        one_id=one, other_id=other, said_at=uow.now, said_by_id=_agent(uow)
    )
    uow.session.execute(kept.on_conflict_do_nothing())
    uow.record(ContactsToldApart(subject_id=one, other_contact=other))


def _locked(uow: UnitOfWork, kept_id: int, gone_id: int) -> tuple[Contact, Contact]:
    """Both, in the order of their ids. Whoever opens a demand of one of them waits, or is waited for."""
    if kept_id == gone_id:
        raise Invalid({"other": "same"})
    rows = uow.session.scalars(
        sa.select(Contact)
        .where(Contact.id.in_((kept_id, gone_id)))
        .order_by(Contact.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in rows}
    if len(found) < 2:
        raise NotFound(contact=kept_id if kept_id not in found else gone_id)
    return found[kept_id], found[gone_id]


def _join(uow: UnitOfWork, kept: Contact, gone: Contact) -> dict[str, Any]:
    """What was done, in ids and names of columns."""
    rows = move_all(uow.session, gone.id, kept.id)
    proofs = _give_proofs(uow, gone.id, kept.id)
    filled = {name: value for name in _WISHES if (value := getattr(gone, name)) and not getattr(kept, name)}
    for name, value in filled.items():
        setattr(kept, name, value)
    gone.merged_into_id = kept.id
    kept.version += 1
    gone.version += 1
    uow.session.flush()
    uow.session.execute(_AT_REST, {"top": kept.id})
    uow.session.execute(
        sa.update(Contact)
        .where(Contact.merged_into_id == gone.id)
        .values(merged_into_id=kept.id)
        .execution_options(synchronize_session=False)
    )
    _recount(uow, kept, gone)
    return {"rows": rows, "proofs": proofs, "filled": filled}


def _part(uow: UnitOfWork, kept: Contact, gone: Contact, moved: dict[str, Any]) -> None:
    gone.merged_into_id = None
    _give_proofs(uow, kept.id, gone.id, only=moved["proofs"])
    move_back(uow.session, moved["rows"], kept.id, gone.id)
    for name, value in moved["filled"].items():
        if getattr(kept, name) == value:
            setattr(kept, name, "" if isinstance(value, str) else False)
    kept.version += 1
    gone.version += 1
    uow.session.flush()
    uow.session.execute(_AT_REST, {"top": gone.id})


def _move_what_waits(uow: UnitOfWork, kept: Contact) -> None:
    """What another one absorbed had in common with the one that left is no longer had twice."""
    standing = sa.select(ContactMerge).where(
        ContactMerge.survivor_id == kept.id, ContactMerge.undone_at.is_(None)
    )
    for merge in uow.session.scalars(standing.order_by(ContactMerge.id)).all():
        rows = dict(merge.moved["rows"])
        for name, keys in move_all(uow.session, merge.absorbed_id, kept.id).items():
            rows[name] = [*rows.get(name, []), *keys]
        merge.moved = {**merge.moved, "rows": rows}


def _give_proofs(uow: UnitOfWork, from_id: int, to_id: int, only: list[int] | None = None) -> list[int]:
    """Of the points that both have, one alone may be verified: who stays keeps the proof."""
    own, theirs = ContactLink.__table__.alias("own"), ContactLink.__table__.alias("theirs")
    both = sa.select(own.c.point_id, own.c.verified_at).where(
        own.c.contact_id == from_id,
        own.c.verified_at.is_not(None),
        sa.exists().where(theirs.c.contact_id == to_id, theirs.c.point_id == own.c.point_id),
    )
    if only is not None:
        both = both.where(own.c.point_id.in_(only))
    given = uow.session.execute(both.order_by(own.c.point_id)).all()
    for point_id, since in given:
        for contact_id, verified_at in ((from_id, None), (to_id, since)):
            uow.session.execute(
                sa.update(ContactLink)
                .where(ContactLink.contact_id == contact_id, ContactLink.point_id == point_id)
                .values(verified_at=verified_at)
                .execution_options(synchronize_session=False)
            )
    return [point_id for point_id, _since in given]


def _recount(uow: UnitOfWork, kept: Contact, gone: Contact) -> None:
    uow.session.flush()
    theirs = sa.select(ContactLink.point_id).where(ContactLink.contact_id.in_((kept.id, gone.id)))
    recount_shared(uow, uow.session.scalars(theirs.order_by(ContactLink.point_id)).all())


def _standing(absorbed_id: int) -> sa.Select[ContactMerge]:
    return sa.select(ContactMerge).where(
        ContactMerge.absorbed_id == absorbed_id, ContactMerge.undone_at.is_(None)
    )


def _agent(uow: UnitOfWork) -> int | None:
    return uow.actor.id if uow.actor.kind == "agent" else None
