"""All that one usager asked for, and follows, within the actor's reach."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases.models import Case, Watcher
from crm.cases.people.requesters import require_contact
from crm.cases.search.finding import FOUND, FoundCase, found_case
from crm.contacts import ContactSeen
from crm.foundation import Actor, UnitOfWork

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


def see_contact(uow: UnitOfWork, contact_id: int) -> None:
    """A usager's sheet is opened: it is noted who did, so that reading without need can be seen.

    Raises:
        NotFound: nobody that the actor may know.
    """
    require(uow.actor, Permission.CONTACT_VIEW)
    require_contact(uow.session, uow.actor, contact_id)
    uow.record(ContactSeen(subject_id=contact_id))
