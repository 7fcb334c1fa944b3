"""Who acts in the demonstration: its advisors, desks and crews, as actors."""

from __future__ import annotations

from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import RESIDENT, SYSTEM, Actor
from crm.staff import Agent, Grant, Unit


class Cast:
    """Where nobody has an account, the fact names the organisation alone."""

    def __init__(self, session: Session) -> None:
        self._advisors: list[Actor] = []
        self._desks: dict[str, Actor] = {}
        self._crews: dict[int, list[Actor]] = {}
        known = session.execute(sa.select(Unit.id, Unit.code, Unit.organization_id)).all()
        self.units = {row.id: row.organization_id for row in known}
        self.unit_ids = {row.code: row.id for row in known}
        granted = sa.select(Grant.role, Grant.unit_id, Grant.insee, Agent.id, Agent.organization_id)
        for role, unit_id, insee, agent_id, organization_id in session.execute(
            granted.join(Agent, Agent.id == Grant.agent_id).order_by(Grant.id)
        ):
            actor = Actor(kind="agent", id=agent_id, organization_id=organization_id)
            if role == "advisor":
                self._advisors.append(actor)
            elif role == "desk_agent" and insee:
                self._desks[insee] = actor
            elif unit_id is not None:
                self._crews.setdefault(unit_id, []).append(actor)

    def advisor(self, chance: Random) -> Actor:
        return chance.choice(self._advisors) if self._advisors else SYSTEM

    def crew(self, chance: Random, unit_id: int) -> Actor:
        known = self._crews.get(unit_id)
        return chance.choice(known) if known else Actor(kind="agent", organization_id=self.units.get(unit_id))

    def desk(self, insee: str) -> Actor:
        town_hall = self.units.get(self.unit_ids.get(f"mairie-{insee}", 0))
        return self._desks.get(insee) or Actor(kind="agent", organization_id=town_hall)

    def opener(self, chance: Random, channel: str, insee: str) -> Actor:
        """Who types it: the resident on the site, the town hall at its desk, an advisor otherwise."""
        if channel == "web":
            return RESIDENT
        return self.desk(insee) if channel == "desk" else self.advisor(chance)
