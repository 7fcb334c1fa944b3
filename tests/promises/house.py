"""A town whose clocks are kept, moved from moment to moment, and what is read of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm.cases import Case, CaseState, announce_delay, raise_priority
from crm.foundation import PARIS, SYSTEM, FrozenClock, UnitOfWork, Units
from crm.interactions import Interaction
from crm.promises import CaseClock, Notice, follow_facts, give_reminders, plan_shift, reckoning, take_up
from tests import given
from tests.acting import act, version
from tests.given import Town


def paris(text: str) -> datetime:
    """« 2026-09-15 10:00 », as the wall of the centre says."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


@dataclass
class Promised:
    """The clocks of a town."""

    units: Units
    clock: FrozenClock
    town: Town
    leads: Mapping[str, int] = field(default_factory=dict)

    def at(self, text: str) -> None:
        self.clock.at = paris(text)

    def later(self, **passed: int) -> None:
        self.clock.at += timedelta(**passed)

    def open(self, state: CaseState = CaseState.ASSIGNED, **told: Any) -> str:
        with self.units.begin(SYSTEM) as uow:
            known = {"contact_id": given.contact(uow), "answer_channel": "email", "channel": "web"}
            return given.open_case(uow, self.town.book, state, **{**known, **told})

    def act(self, reference: str, verb: str, **told: Any) -> None:
        with self.units.begin(SYSTEM) as uow:
            act(uow, self.town.book, reference, verb, **told)

    def raise_to_urgent(self, reference: str) -> None:
        with self.units.begin(SYSTEM) as uow:
            raise_priority(uow, self.town.book, reference, priority=1, seen_version=version(uow, reference))

    def delay(self, reference: str, day: str) -> None:
        with self.units.begin(SYSTEM) as uow:
            announce_delay(
                uow,
                reference,
                due_on=date.fromisoformat(day),
                motive="Une pièce manque.",
                message=None,
                seen_version=version(uow, reference),
            )

    def send(self, kind: str) -> None:
        """Messages of that kind leave now."""
        with self.units.begin(SYSTEM) as uow:
            left = sa.update(Interaction).where(Interaction.kind == kind, Interaction.sent_at.is_(None))
            uow.session.execute(left.values(state="sent", sent_at=uow.now))

    def follow(self) -> None:
        with self.units.begin(SYSTEM) as uow:
            by = reckoning(uow.session)
            follow_facts(uow, by)
            take_up(uow, by)

    def derive(self, reference: str) -> None:
        """As the next fact about it would."""
        with self.units.begin(SYSTEM) as uow:
            case_id = uow.session.scalar(sa.select(Case.id).where(Case.reference == reference))
            uow.session.execute(sa.update(CaseClock).where(CaseClock.case_id == case_id).values(seen_event=0))
        self.follow()

    def remind(self) -> set[int]:
        with self.units.begin(SYSTEM) as uow:
            return give_reminders(uow, reckoning(uow.session)).agents

    def clocks(self, reference: str) -> dict[str, CaseClock]:
        with self.units.reading() as session:
            of_case = sa.select(CaseClock).join(Case, Case.id == CaseClock.case_id)
            rows = session.scalars(of_case.where(Case.reference == reference)).all()
            session.expunge_all()
            return {row.nature: row for row in rows}

    def id_of(self, reference: str) -> int:
        with self.units.reading() as session:
            return session.scalars(sa.select(Case.id).where(Case.reference == reference)).one()

    def due_at(self, reference: str) -> datetime:
        with self.units.reading() as session:
            return session.scalars(sa.select(Case.due_at).where(Case.reference == reference)).one()

    def unread(self) -> int:
        with self.units.reading() as session:
            unread = sa.select(sa.func.count()).select_from(Notice).where(Notice.read_at.is_(None))
            return session.scalar(unread) or 0

    def told(self) -> list[tuple[str, int]]:
        """(kind, agent) of what was told, in order."""
        with self.units.reading() as session:
            rows = session.execute(sa.select(Notice.kind, Notice.agent_id).order_by(Notice.id))
            return [(row.kind, row.agent_id) for row in rows]


def agent_id(uow: UnitOfWork, email: str) -> int:
    found: int = uow.session.scalar(sa.text("SELECT id FROM agents WHERE email = :email"), {"email": email})
    return found


def plan(promised: Promised, who: str = "field", **told: object) -> None:
    """Somebody is on call for the roads over the week-end of 19 September."""
    usual = {
        "agent_id": promised.leads[who],
        "phone": "06 39 98 00 12",
        "starts_at": paris("2026-09-18 18:00"),
        "ends_at": paris("2026-09-21 08:00"),
    }
    with promised.units.begin(given.actor("team_lead", unit=promised.town.roads)) as uow:
        plan_shift(uow, promised.town.roads, **{**usual, **told})  # type: ignore[arg-type]
