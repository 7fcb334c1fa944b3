"""Who acts and who is competent, as frozen rows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm.foundation import Actor, fold
from crm.staff.models import Agent, Grant, Organization, SavedView, Unit
from crm.staff.standing_by import units_stood_by


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A list kept under a name; `query` as it stands in an address.

    Args:
        agent_id: who keeps it.
        unit_id: the unit that shares it; None for oneself alone.
    """

    id: int
    name: str
    view: str
    query: str
    agent_id: int
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class AgentCard:
    """The agent as screens show them."""

    id: int
    name: str
    title: str
    email: str
    organization_name: str
    organization_kind: str
    unit_id: int | None
    language: str
    density: str
    shortcuts_on: bool
    keys: Mapping[str, str]  # act → key, for what the agent changed; see shortcuts.py
    extension: str = ""  # the telephone set they answer
    drafts: int = 0  # unfinished forms that wait for them
    notices: int = 0  # what they were told and have not read
    mentions: int = 0  # notes that name them and that they have not seen
    views: tuple[ViewLine, ...] = ()
    last_event: int = 0  # the latest fact of all when they asked: counts made since it are still true


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit and its organisation, with all that a resident must be told of the service in charge."""

    id: int
    code: str
    name: str
    organization_id: int
    organization_name: str
    organization_kind: str
    operation: str
    insee: str | None
    address: str
    phone: str
    email: str
    opening_hours: str
    is_active: bool
    weekly_minutes: int | None = None  # of work, all its people together; None: not said
    usual_minutes: int = 60  # of an intervention, when nobody says how long


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit in a list to choose from, grouped by organisation."""

    id: int
    name: str
    organization_name: str


_A, _O, _G, _V = (cast(sa.Table, entity.__table__).c for entity in (Agent, Organization, Grant, SavedView))


def _held(column: sa.ColumnElement[Any], name: str) -> sa.Label[Any]:
    granted = sa.select(sa.func.array_agg(column)).where(_G.agent_id == _A.id)
    return granted.correlate(Agent.__table__).scalar_subquery().label(name)


_OWN_UNITS = sa.select(_G.unit_id).where(_G.agent_id == _A.id).correlate(Agent.__table__)
_VIEWS = (
    sa.select(
        sa.func.array_agg(
            postgresql.aggregate_order_by(
                sa.func.jsonb_build_array(_V.id, _V.name, _V.view, _V.query, _V.agent_id, _V.unit_id), _V.name
            )
        )
    )
    .where(sa.or_(_V.agent_id == _A.id, _V.unit_id == _A.unit_id, _V.unit_id.in_(_OWN_UNITS)))
    .correlate(Agent.__table__)
    .scalar_subquery()
    .label("views")
)

# Plain columns: it stands before every page of an agent.
ACTOR = (
    sa.select(
        _A.id,
        _A.first_name,
        _A.last_name,
        _A.title,
        _A.email,
        _A.language,
        _A.density,
        _A.shortcuts_on,
        _A.shortcut_keys,
        _A.extension,
        _A.unit_id,
        _A.organization_id,
        _O.name.label("organization_name"),
        _O.kind.label("organization_kind"),
        _held(_G.role, "roles"),
        _held(_G.unit_id, "unit_ids"),
        units_stood_by(_A.id),
        _held(_G.insee, "places"),
        _VIEWS,
    )
    .join_from(Agent.__table__, Organization.__table__, _O.id == _A.organization_id)
    .where(_A.id == sa.bindparam("agent_id"), _A.session_epoch == sa.bindparam("epoch"), _A.is_active)
)


def actor_in(row: sa.Row[Any]) -> Actor:
    """An agent with what they reach at this moment, on call or not.

    Args:
        row: id, organization_id, roles, unit_ids, stood_by, places: lists may be None or hold None.
    """
    own, stood_by = frozenset(row.unit_ids or ()) - {None}, frozenset(row.stood_by or ())
    return Actor(
        kind="agent",
        id=row.id,
        organization_id=row.organization_id,
        roles=frozenset(row.roles or ()),
        unit_ids=own | stood_by,
        stands_by=stood_by - own,
        places=frozenset(row.places or ()) - {None},
    )


def actor_for(
    session: Session, agent_id: int, session_epoch: int, query: sa.Select[Any] = ACTOR
) -> tuple[Actor, AgentCard] | None:
    """Who this log-in is now, in one statement; None once the account is disabled or its sessions ended.

    Args:
        query: ACTOR, or the same with `drafts`, `notices`, `mentions` and `last_event`, of other rooms.
    """
    row = session.execute(query, {"agent_id": agent_id, "epoch": session_epoch}).one_or_none()
    if row is None:
        return None
    actor = actor_in(row)
    card = AgentCard(
        id=row.id,
        name=f"{row.first_name} {row.last_name}",
        title=row.title,
        email=row.email,
        organization_name=row.organization_name,
        organization_kind=row.organization_kind,
        unit_id=row.unit_id,
        language=row.language,
        density=row.density,
        shortcuts_on=row.shortcuts_on,
        keys=row.shortcut_keys,
        extension=row.extension or "",
        drafts=getattr(row, "drafts", 0),
        notices=getattr(row, "notices", 0),
        mentions=getattr(row, "mentions", 0),
        last_event=getattr(row, "last_event", 0) or 0,
        views=tuple(ViewLine(*view) for view in row.views or ()),
    )
    return actor, card


def actor_of(session: Session, agent_id: int) -> Actor | None:
    """Who an agent is now, for what they asked to be done behind; None once the account is closed."""
    epoch = session.scalar(sa.select(_A.session_epoch).where(_A.id == agent_id))
    found = actor_for(session, agent_id, epoch) if epoch is not None else None
    return found[0] if found else None


_UNIT = sa.select(
    Unit.id,
    Unit.code,
    Unit.name,
    Unit.organization_id,
    Organization.name.label("organization_name"),
    Organization.kind.label("organization_kind"),
    Unit.operation,
    Unit.insee,
    Unit.address,
    Unit.phone,
    Unit.email,
    Unit.opening_hours,
    Unit.is_active,
    Unit.weekly_minutes,
    Unit.usual_minutes,
).join(Organization, Organization.id == Unit.organization_id)


def units(session: Session) -> list[UnitCard]:
    """Every unit, in use or not, in the order of a French dictionary."""
    cards = [UnitCard(**row._asdict()) for row in session.execute(_UNIT)]
    return sorted(cards, key=lambda card: (fold(card.organization_name), fold(card.name)))


def unit_card(session: Session, unit_id: int) -> UnitCard | None:
    row = session.execute(_UNIT.where(Unit.id == unit_id)).one_or_none()
    return UnitCard(**row._asdict()) if row else None


def units_for_choice(session: Session) -> list[UnitChoice]:
    """The units in use, by organisation then by name."""
    return [
        UnitChoice(card.id, card.name, card.organization_name) for card in units(session) if card.is_active
    ]


def agent_at(session: Session, said: str) -> int | None:
    """Whom a telephone exchange means: by the set they answer, else by their log-in."""
    if not said:
        return None
    known = sa.or_(Agent.extension == said, Agent.email == said.lower())
    found = sa.select(Agent.id).where(Agent.is_active, known)
    return session.scalar(found.order_by(Agent.extension.is_distinct_from(said)).limit(1))


def agent_names(session: Session, agent_ids: set[int]) -> dict[int, str]:
    """Agent's id → name, for a timeline."""
    query = sa.select(Agent.id, Agent.first_name, Agent.last_name).where(Agent.id.in_(sorted(agent_ids)))
    return {row.id: f"{row.first_name} {row.last_name}" for row in session.execute(query)}


def first_names(session: Session, agent_ids: set[int]) -> dict[int, str]:
    """Agent's id → the first name that a usager may be told; without those who stay unnamed (CRPA L111-2)."""
    if not agent_ids:
        return {}
    named = sa.and_(Agent.id.in_(sorted(agent_ids)), Agent.is_anonymous.is_(False))
    return {
        row.id: row.first_name for row in session.execute(sa.select(Agent.id, Agent.first_name).where(named))
    }


def team_of(session: Session, unit_id: int) -> dict[int, str]:
    """Who works in the unit: id → name, in the order of a French dictionary."""
    query = (
        sa.select(Agent.id, Agent.first_name, Agent.last_name)
        .where(
            Agent.is_active,
            Agent.id.in_(
                sa.select(Grant.agent_id).where(
                    Grant.unit_id == unit_id, Grant.role.in_(("team_lead", "field_agent"))
                )
            ),
        )
        .distinct()
    )
    named = {row.id: f"{row.first_name} {row.last_name}" for row in session.execute(query)}
    return dict(sorted(named.items(), key=lambda one: fold(one[1])))


class UnitDirectory:
    """The units, read again at most every ten seconds. One per process; threads share it."""

    def __init__(self, ttl_seconds: float = 10, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ttl_seconds = ttl_seconds
        self._ticks = ticks
        self._lock = threading.Lock()
        self._cards: Mapping[int, UnitCard] = {}
        self._stale_at = float("-inf")

    def cards(self, session: Session) -> Mapping[int, UnitCard]:
        """Unit's id → card."""
        if self._ticks() < self._stale_at:
            return self._cards
        with self._lock:
            if self._ticks() >= self._stale_at:
                self._cards = {card.id: card for card in units(session)}
                self._stale_at = self._ticks() + self._ttl_seconds
            return self._cards
