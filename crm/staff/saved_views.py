"""Lists that an agent comes back to: a name of their own for a list and its filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.foundation import Event, Invalid, NotFound, UnitOfWork, clean
from crm.staff.models import SavedView

MOST_VIEWS = 20  # of one agent: beyond, the column on the left is no longer read
_LONGEST_NAME, _LONGEST_QUERY = 60, 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSaved(Event):
    kind: ClassVar[str] = "view.saved"
    subject_kind: ClassVar[str] = "saved_view"


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewForgotten(Event):
    kind: ClassVar[str] = "view.forgotten"
    subject_kind: ClassVar[str] = "saved_view"


def save_view(uow: UnitOfWork, name: str, view: str, query: str) -> int:
    """Keep a list under a name; the same name again takes the new filters.

    Raises:
        Invalid: `name` is empty or too long, or the agent has MOST_VIEWS already.
    """
    require(uow.actor, Permission.CASE_VIEW)
    called = " ".join(clean(name).split())
    if not called:
        raise Invalid({"name": "required"})
    if len(called) > _LONGEST_NAME or len(query) > _LONGEST_QUERY:
        raise Invalid({"name": "too_long"})
    mine = SavedView.agent_id == uow.actor.id
    others = sa.select(sa.func.count()).where(mine, SavedView.name != called)
    if uow.session.execute(others).scalar_one() >= MOST_VIEWS:
        raise Invalid({"name": "too_many"})
    row = {"agent_id": uow.actor.id, "name": called, "view": view, "query": query, "created_at": uow.now}
    kept = insert(SavedView).values(row)
    again = kept.on_conflict_do_update(
        index_elements=["agent_id", "name"], set_={"view": kept.excluded.view, "query": kept.excluded.query}
    )
    view_id = uow.session.execute(again.returning(SavedView.id)).scalar_one()
    uow.record(ViewSaved(subject_id=view_id))
    return view_id


def forget_view(uow: UnitOfWork, view_id: int) -> None:
    """Raises NotFound: no such view, or a colleague's."""
    require(uow.actor, Permission.CASE_VIEW)
    theirs = sa.delete(SavedView).where(SavedView.id == view_id, SavedView.agent_id == uow.actor.id)
    if uow.session.scalar(theirs.returning(SavedView.id)) is None:
        raise NotFound()
    uow.record(ViewForgotten(subject_id=view_id))
