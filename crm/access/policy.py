"""The decision, twice: `allows` for one record, `visible` in SQL for lists. A test keeps them equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from crm.access.permissions import GRANTS, Permission, Scope
from crm.access.restriction import may_read, readable
from crm.foundation import Actor, NotAllowed, NotFound

Q = TypeVar("Q", bound=sa.Select[*tuple[object, ...]])


class Reach(Protocol):
    """What of a case decides who reaches it."""

    @property
    def unit_id(self) -> int | None: ...
    @property
    def insee(self) -> str | None: ...
    @property
    def origin_insee(self) -> str | None: ...
    @property
    def responsible_insee(self) -> str | None: ...
    @property
    def readers(self) -> Sequence[str] | None: ...  # see restriction.py; None for most


class ReachColumns(Protocol):
    """The same, as columns of a table."""

    unit_id: InstrumentedAttribute[int | None]
    insee: InstrumentedAttribute[str | None]
    origin_insee: InstrumentedAttribute[str | None]
    responsible_insee: InstrumentedAttribute[str | None]
    id: InstrumentedAttribute[int]
    readers: InstrumentedAttribute[list[str] | None]


def allows(actor: Actor, permission: Permission, subject: Reach | None = None) -> bool:
    """May the actor do this, to this case (or at all, when no case is concerned)?"""
    if subject is not None and not may_read(actor, subject.readers):
        return False
    return any(
        permission in permissions and _reaches(actor, scope, subject)
        for role in actor.roles
        for scope, permissions in GRANTS[role].items()
    )


def _reaches(actor: Actor, scope: Scope, subject: Reach | None) -> bool:
    if scope is Scope.NOWHERE or subject is None:
        return subject is None
    if scope is Scope.EVERY:
        return True
    if scope is Scope.UNIT:
        return subject.unit_id in actor.unit_ids
    ours = subject.insee in actor.places or subject.origin_insee in actor.places
    return ours and (scope is Scope.COMMUNE or subject.responsible_insee in actor.places)


def require(actor: Actor, permission: Permission, subject: Reach | None = None) -> None:
    """Refuse unless allowed. What the actor may not even see does not exist for them.

    Raises:
        NotFound: the case is out of reach.
        NotAllowed: the actor sees the case, or no case is concerned, but may not do this.
    """
    if allows(actor, permission, subject):
        return
    unseen = subject is not None and not allows(actor, Permission.CASE_VIEW, subject)
    raise NotFound() if unseen else NotAllowed(permission=permission)


def everywhere(actor: Actor, permission: Permission) -> bool:
    """May the actor do this whatever the case, and where there is none?"""
    return any(permission in GRANTS[role].get(Scope.EVERY, ()) for role in actor.roles)


def require_everywhere(actor: Actor, permission: Permission) -> None:
    """For what names no case, and tells of all.

    Raises:
        NotAllowed: the actor may, but not everywhere.
    """
    require(actor, permission)
    if not everywhere(actor, permission):
        raise NotAllowed(permission=permission)


def reach_marks(actor: Actor, permission: Permission = Permission.CASE_VIEW) -> frozenset[str] | None:
    """Marks of which each case within reach bears one: `i99801` where it is, `o99801` whose desk made it,
    `u12` whose unit has it. None: whatever the case. For indexes to read less; `visible` alone decides.
    """
    found: set[str] = set()
    for role in actor.roles:
        for scope, permissions in GRANTS[role].items():
            if permission not in permissions or scope is Scope.NOWHERE:
                continue
            if scope is Scope.EVERY:
                return None
            if scope is Scope.UNIT:
                found |= {f"u{unit_id}" for unit_id in actor.unit_ids}
            else:
                found |= {f"{side}{place}" for side in "io" for place in actor.places}
    return frozenset(found)


def visible(
    actor: Actor,
    columns: ReachColumns | type,
    permission: Permission = Permission.CASE_VIEW,
    *,
    me: sa.ColumnElement[Any] | None = None,
) -> sa.ColumnElement[bool]:
    """The condition that keeps the rows for which `allows(actor, permission, row)` says yes.

    Args:
        columns: a mapped class or an alias of it that has the columns of `Reach`.
        me: stands for the actor's id, in a statement that colleagues share. Whoever has none reads no case
            whose readers are named.
    """
    reached = [
        _condition(actor, scope, columns)
        for role in actor.roles
        for scope, permissions in GRANTS[role].items()
        if permission in permissions and scope is not Scope.NOWHERE
    ]
    return sa.and_(sa.or_(*reached), readable(actor, columns, me)) if reached else sa.false()


def _condition(actor: Actor, scope: Scope, columns: ReachColumns | type) -> sa.ColumnElement[bool]:
    seen: ReachColumns = columns  # type: ignore[assignment]
    if scope is Scope.EVERY:
        return sa.true()
    if scope is Scope.UNIT:
        return seen.unit_id.in_(sorted(actor.unit_ids))
    places = sorted(actor.places)
    ours = sa.or_(seen.insee.in_(places), seen.origin_insee.in_(places))
    return ours if scope is Scope.COMMUNE else sa.and_(ours, seen.responsible_insee.in_(places))
