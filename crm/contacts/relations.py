"""Who acts for whom, who works for whom: from a day, perhaps until another. A case says its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.contacts.events import RelationChanged
from crm.contacts.models import RELATIONS, ContactRelation
from crm.contacts.queries import contact_names
from crm.foundation import Invalid, NotFound, UnitOfWork


@dataclass(frozen=True, slots=True)
class RelationLine:
    """Seen from one of the two.

    Args:
        other_id, other_name: the other one.
        is_from: the contact acts or works for the other; else it is the other way round.
    """

    id: int
    kind: str
    is_from: bool
    other_id: int
    other_name: str
    started_on: date
    ended_on: date | None


def relate_contacts(uow: UnitOfWork, contact_id: int, other_id: int, kind: str, started_on: date) -> None:
    """From now on this contact acts, or works, for the other. One that had ended starts again.

    Raises:
        Invalid: a link with oneself, or of no known kind.
        NotFound: no such contact.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    if kind not in RELATIONS:
        raise Invalid({"kind": "unknown"})
    if contact_id == other_id:
        raise Invalid({"other": "same"})
    if len(contact_names(uow.session, [contact_id, other_id])) < 2:
        raise NotFound(contact=other_id)
    row = {"contact_id": contact_id, "other_id": other_id, "kind": kind, "started_on": started_on}
    kept = postgresql.insert(ContactRelation).values(**row)
    again = kept.on_conflict_do_update(
        index_elements=["contact_id", "other_id", "kind"], set_={"started_on": started_on, "ended_on": None}
    )
    uow.session.execute(again)
    uow.record(RelationChanged(subject_id=contact_id, other_contact=other_id))


def end_relation(uow: UnitOfWork, contact_id: int, relation_id: int, ended_on: date) -> None:
    """
    Raises:
        NotFound: this contact has no such link, or it ended already.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    ended = uow.session.execute(
        sa.update(ContactRelation)
        .where(
            ContactRelation.id == relation_id,
            sa.or_(ContactRelation.contact_id == contact_id, ContactRelation.other_id == contact_id),
            ContactRelation.ended_on.is_(None),
        )
        .values(ended_on=sa.func.greatest(ContactRelation.started_on, ended_on))
        .returning(ContactRelation.contact_id, ContactRelation.other_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if ended is None:
        raise NotFound(relation=relation_id)
    uow.record(RelationChanged(subject_id=ended.contact_id, other_contact=ended.other_id))


def relations_of(session: Session, contact_id: int) -> list[RelationLine]:
    """Those that hold first, the latest before."""
    rows = session.scalars(
        sa.select(ContactRelation)
        .where(sa.or_(ContactRelation.contact_id == contact_id, ContactRelation.other_id == contact_id))
        .order_by(ContactRelation.ended_on.desc().nulls_first(), ContactRelation.id.desc())
        .limit(50)
    ).all()
    others = {row.id: row.other_id if row.contact_id == contact_id else row.contact_id for row in rows}
    known = contact_names(session, sorted(set(others.values()))) if others else {}
    return [
        RelationLine(
            row.id, row.kind, row.contact_id == contact_id, others[row.id], known.get(others[row.id], ""),
            row.started_on, row.ended_on,
        )
        for row in rows
    ]  # fmt: skip
