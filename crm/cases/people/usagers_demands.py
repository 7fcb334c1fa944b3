"""All that one usager asked for, and follows, within the actor's reach."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases.models import Case, Watcher
from crm.cases.people.requesters import known_contacts
from crm.cases.search.finding import FOUND, FoundCase, found_case
from crm.contacts import ContactOpenedOutside, current_contact, is_open_to, keep_motive, keep_reading
from crm.foundation import Actor, NotFound, UnitOfWork

_C, _W = (cast(sa.Table, entity.__table__).c for entity in (Case, Watcher))
_SEEN: Any = _C


def demands_of_usager(session: Session, actor: Actor, contact_id: int, limit: int = 100) -> list[FoundCase]:
    """What they asked for, the latest first."""
    query = sa.select(*FOUND).where(_C.contact_id == contact_id, visible(actor, _SEEN))
    rows = session.execute(query.order_by(_C.id.desc()).limit(limit))
    return [found_case(row) for row in rows]


def followed_by_usager(session: Session, actor: Actor, contact_id: int, limit: int = 50) -> list[FoundCase]:
    """Other people's demands of which they said « moi aussi », the latest first."""
    followed = sa.select(_W.case_id).where(_W.contact_id == contact_id, _W.left_at.is_(None))
    query = sa.select(*FOUND).where(_C.id.in_(followed), visible(actor, _SEEN))
    rows = session.execute(query.order_by(_C.id.desc()).limit(limit))
    return [found_case(row) for row in rows]


def see_contact(uow: UnitOfWork, contact_id: int, page: str = "sheet") -> None:
    """A usager's sheet is opened: it is noted who did, so that reading without need can be seen.

    Raises:
        NotFound: nobody within the actor's perimeter, nor did the actor say a while ago why they open it.
    """
    require(uow.actor, Permission.CONTACT_VIEW)
    known = contact_id in known_contacts(uow.session, uow.actor, [contact_id])
    if not known and not is_open_to(uow.session, uow.actor, contact_id, uow.now):
        raise NotFound(contact=contact_id)
    keep_reading(uow, contact_id, page)


def open_outside(uow: UnitOfWork, contact_id: int, motive: str, words: str) -> None:
    """Open for a while the sheet of somebody outside one's perimeter; it is noted who did, and why.

    Raises:
        NotAllowed: no sheet is theirs to open.
        NotFound: no such contact.
        Invalid: `motive`, `words`.
    """
    require(uow.actor, Permission.CONTACT_VIEW)
    kept = current_contact(uow.session, contact_id)
    keep_motive(uow, kept, motive, words)
    uow.record(ContactOpenedOutside(subject_id=kept, motive=motive))
