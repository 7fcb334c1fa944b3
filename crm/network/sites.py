"""Each site of the network and how far it is in it: the centre, each town hall, each unit in use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require_everywhere
from crm.catalogue import Category
from crm.foundation import PARIS, Actor
from crm.network.joining import lines_of_members
from crm.routing import Table
from crm.staff import Agent, Grant, units

Kind = Literal["centre", "desk", "unit"]
_G, _P = (cast(sa.Table, entity.__table__).c for entity in (Grant, Agent))


@dataclass(frozen=True, slots=True)
class Site:
    """
    Args:
        insee, unit_id: of a town hall; of a unit.
        whose: the organisation of a unit.
        state: of a town hall, as `JoiningLine.state` says it; of others `live` once somebody came,
            `invited` when nobody did yet, `empty` when nobody has an account there.
        done, steps: of the joining kit; 0 where there is none.
        agents: who may work there.
        active: of those, how many logged in since the moment asked for.
    """

    kind: Kind
    name: str
    insee: str
    unit_id: int | None
    whose: str
    state: str
    live_on: date | None
    done: int
    steps: int
    agents: int
    active: int


@dataclass(frozen=True, slots=True)
class _People:
    agents: int = 0
    came: int = 0
    active: int = 0

    @property
    def state(self) -> str:
        return "live" if self.came else "invited" if self.agents else "empty"


def sites(
    session: Session,
    actor: Actor,
    table: Table,
    categories: Iterable[Category],
    now: datetime,
    since: datetime,
) -> list[Site]:
    """The centre, the town halls by name, the units by organisation and name. Five statements.

    Raises:
        NotAllowed: the actor has not the whole house in view.
    """
    require_everywhere(actor, Permission.BOARD_VIEW)
    people = {(row.insee, row.unit_id): _People(*row[2:]) for row in session.execute(_people(since))}
    centre = people.get((None, None), _People())
    return [
        Site("centre", "", "", None, "", centre.state, None, 0, 0, centre.agents, centre.active),
        *_desks(session, table, categories, now, people),
        *_units(session, people),
    ]


def _desks(
    session: Session, table: Table, categories: Iterable[Category], now: datetime, people: dict[Any, _People]
) -> list[Site]:
    today = now.astimezone(PARIS).date()
    return [
        Site(
            "desk", line.name, line.insee, None, "", line.state(today), line.live_on, line.done,
            len(line.steps), there.agents, there.active,
        )
        for line in lines_of_members(session, table, categories, now)
        for there in [people.get((line.insee, None), _People())]
    ]  # fmt: skip


def _units(session: Session, people: dict[Any, _People]) -> list[Site]:
    """A commune's own unit that has nobody for itself is kept by its desk."""
    return [
        Site(
            "unit", card.name, "", card.id, card.organization_name, there.state, None, 0, 0,
            there.agents, there.active,
        )
        for card in units(session)
        if card.is_active
        for there in [people.get((None, card.id)) or people.get((card.insee or "", None), _People())]
    ]  # fmt: skip


def _people(since: datetime) -> sa.Select[Any]:
    """Of each desk, of each unit and, without either, of the centre: everybody once."""
    each = sa.func.count(sa.distinct(_P.id))
    at_desk = sa.case((_G.role == "desk_agent", _G.insee)).label("insee")
    in_unit = sa.case((_G.role.in_(("team_lead", "field_agent")), _G.unit_id)).label("unit_id")
    return (
        sa.select(
            at_desk,
            in_unit,
            each.label("agents"),
            each.filter(_P.last_login_at.is_not(None)).label("came"),
            each.filter(_P.last_login_at >= since).label("active"),
        )
        .join_from(Grant.__table__, Agent.__table__, _P.id == _G.agent_id)
        .where(_P.is_active, _G.role != "config_admin")
        .group_by(at_desk, in_unit)
    )
