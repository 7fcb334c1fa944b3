"""Lists that an agent comes back to: a name for a list and its filters, for oneself or for one's unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from crm.access import Permission, allows, everywhere, require
from crm.foundation import Actor, Event, Invalid, NotFound, UnitOfWork, clean
from crm.staff.models import Agent, SavedView

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


def save_view(uow: UnitOfWork, name: str, view: str, query: str, *, unit_id: int | None = None) -> int:
    """Keep a list under a name; the same name again takes the new filters.

    Args:
        unit_id: one of the agent's own, whose members all see it; None for oneself alone.

    Raises:
        Invalid: `name` is empty or too long, a colleague shares one of that name with the unit, or the agent
            has MOST_VIEWS already; `unit_id` is not one of theirs.
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
    if unit_id is not None:
        _may_share(uow, called, unit_id)
    row = {"agent_id": uow.actor.id, "name": called, "view": view, "query": query, "created_at": uow.now}
    kept = insert(SavedView).values({**row, "unit_id": unit_id})
    changed = {name: kept.excluded[name] for name in ("view", "query", "unit_id")}
    again = kept.on_conflict_do_update(index_elements=["agent_id", "name"], set_=changed)
    view_id = uow.session.execute(again.returning(SavedView.id)).scalar_one()
    uow.record(ViewSaved(subject_id=view_id))
    return view_id


def _may_share(uow: UnitOfWork, name: str, unit_id: int) -> None:
    if unit_id not in own_units(uow.session, uow.actor):
        raise Invalid({"unit_id": "unknown"})
    theirs = sa.select(SavedView.id).where(
        SavedView.unit_id == unit_id, SavedView.name == name, SavedView.agent_id != uow.actor.id
    )
    if uow.session.scalar(theirs) is not None:
        raise Invalid({"name": "shared_already"})


def own_units(session: Session, actor: Actor) -> frozenset[int]:
    """Where the agent works, or holds a role."""
    home = session.scalar(sa.select(Agent.unit_id).where(Agent.id == actor.id))
    return actor.unit_ids | ({home} if home is not None else set())


def may_forget(actor: Actor, agent_id: int, unit_id: int | None) -> bool:
    """Whoever keeps it; of a shared one, whoever leads the unit too: its owner may have left."""
    if agent_id == actor.id:
        return True
    leads = allows(actor, Permission.BOARD_VIEW) and unit_id in actor.unit_ids
    return unit_id is not None and (leads or everywhere(actor, Permission.BOARD_VIEW))


def forget_view(uow: UnitOfWork, view_id: int) -> None:
    """Raises NotFound: no such view, or one that is not theirs to take away."""
    require(uow.actor, Permission.CASE_VIEW)
    view = uow.session.get(SavedView, view_id, with_for_update=True)
    if view is None or not may_forget(uow.actor, view.agent_id, view.unit_id):
        raise NotFound()
    uow.session.delete(view)
    uow.record(ViewForgotten(subject_id=view_id))
