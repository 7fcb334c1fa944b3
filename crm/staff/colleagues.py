"""Everybody who works here, with their rights: whom one may call upon about a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import Actor, fold
from crm.staff.models import Agent, Grant, Organization
from crm.staff.queries import actor_in
from crm.staff.standing_by import units_stood_by

_A, _O, _G = (cast(sa.Table, entity.__table__).c for entity in (Agent, Organization, Grant))


@dataclass(frozen=True, slots=True)
class Colleague:
    actor: Actor
    name: str
    organization: str


def colleagues(session: Session) -> list[Colleague]:
    """Whoever has an account in use, in the order of a French dictionary. One statement."""
    query = (
        sa.select(
            _A.id, _A.first_name, _A.last_name, _A.organization_id, _O.name,
            *(sa.func.array_agg(column).label(label) for column, label in
              ((_G.role, "roles"), (_G.unit_id, "unit_ids"), (_G.insee, "places"))),
            units_stood_by(_A.id),
        )
        .join_from(Agent.__table__, Organization.__table__, _O.id == _A.organization_id)
        .join(Grant.__table__, _G.agent_id == _A.id)
        .where(_A.is_active)
        .group_by(_A.id, _O.name)
    )  # fmt: skip
    return sorted((_colleague(row) for row in session.execute(query)), key=lambda one: fold(one.name))


def _colleague(row: sa.Row[Any]) -> Colleague:
    return Colleague(actor_in(row), f"{row.first_name} {row.last_name}", row.name)
