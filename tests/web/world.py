"""The world behind the console: two communes, delivered catalogue and replies, an agent of each role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import sqlalchemy as sa

from crm.cases import CaseState, Rulebook
from crm.foundation import ROOT, SYSTEM, FrozenClock, Sessions, UnitOfWork, Units
from crm.knowledge import load_replies
from crm.reactions import REACTIONS
from crm.staff import Agent
from tests import given
from tests.doors import small_world
from tests.given import NEIGHBOUR, PASSWORD, TOWN


@dataclass(frozen=True)
class World:
    """Agents' addresses and ids by name, services by code, and how to open a case in this world."""

    PASSWORD: ClassVar[str] = PASSWORD
    agents: Mapping[str, str]
    ids: Mapping[str, int]
    services: Mapping[str, int]
    book: Rulebook = field(repr=False)

    def case(
        self, sessions: Sessions, clock: FrozenClock, state: CaseState = CaseState.ASSIGNED, **told: object
    ) -> str:
        """A case of Aïcha Diallo, who wants an e-mail, unless told otherwise; returns the reference."""
        with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
            known = {"answer_channel": "email", **told}
            if "contact_id" not in known:
                known["contact_id"] = given.contact(uow, phone="06 39 98 00 01")
            return given.open_case(uow, self.book, state, **known)


def make_world(sessions: Sessions, folder: Path) -> World:
    units = Units(sessions, FrozenClock(datetime(2026, 9, 1, 8, 0, tzinfo=UTC)), REACTIONS)
    services = small_world(units, folder)
    with units.begin(SYSTEM) as uow:
        for insee in (TOWN, NEIGHBOUR):
            services[f"mairie-{insee}"] = given.unit(uow, f"mairie-{insee}", insee=insee)
        load_replies(uow, ROOT / "config" / "replies")
        _rules(uow, services)
        agents = _agents(uow)
        ids = {row.email: row.id for row in uow.session.execute(sa.select(Agent.id, Agent.email))}
        book = given.rulebook(uow)
    return World(agents, {name: ids[email] for name, email in agents.items()}, services, book)


def _rules(uow: UnitOfWork, services: Mapping[str, int]) -> None:
    given.routing(
        uow,
        {"domain_code": "ECLA", "unit_id": services["eclairage"]},
        {"domain_code": "VOIR", "unit_id": services["voirie"]},
        {"domain_code": "VOIR", "road_owner": "private", "decision": "refuse", "advice": "Voyez le syndic."},
        *({"domain_code": "DECH", "insee": c, "unit_id": services[f"mairie-{c}"]} for c in (TOWN, NEIGHBOUR)),
    )


def _agents(uow: UnitOfWork) -> dict[str, str]:
    return {
        "advisor": given.agent(uow, "advisor"),
        "supervisor": given.agent(uow, "supervisor"),
        "config_admin": given.agent(uow, "config_admin"),
        "desk_agent": given.agent(uow, "desk_agent", insee=TOWN),
        "neighbour": given.agent(uow, "desk_agent", insee=NEIGHBOUR),
        "team_lead": given.agent(uow, "team_lead", unit="voirie"),
        "field_agent": given.agent(uow, "field_agent", unit="voirie"),
        "lighting": given.agent(uow, "team_lead", unit="eclairage"),
    }
