"""A centre whose clock and mail server are in our hands, to watch the receipts of the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from crm.cases import Case, CaseSheet, case_by_id
from crm.foundation import SYSTEM, Actor, Delivery, FrozenClock
from crm.notifications import KeptReceipt, receipt_breaches, receipts_at_risk, receipts_of_case
from crm.wiring import Wiring
from tests import given
from tests.own_database import mails_to
from tests.servers import Servers
from workers.jobs.run import do_deliveries

TUESDAY = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
WATCHING = Actor(kind="agent", roles=frozenset({"supervisor"}))


@dataclass
class House:
    """One centre, its clock in our hands, its mail server up or down."""

    up: Wiring
    down: Wiring
    clock: FrozenClock
    servers: Servers
    lighting: int

    def open(self, **told: Any) -> CaseSheet:
        with self.up.units.begin(SYSTEM) as uow:
            book = given.rulebook(uow)
            contact = told.pop("contact", {})
            if contact is not None:
                email = f"{uuid4().hex}@usagers.example"
                told["contact_id"] = given.contact(uow, **{"email": email, **contact})
            usual = {"channel": "web", "answer_channel": "email"}
            reference = given.open_case(uow, book, **{**usual, **told})
            return case_by_id(uow.session, _id_of(uow.session, reference))

    def work(self, wired: Wiring | None = None) -> None:
        """All that is due, until nothing new comes of it."""
        for _ in range(3):
            with self.up.units.reading() as session:
                waiting = list(session.scalars(sa.select(Delivery.id).where(Delivery.done_at.is_(None))))
            do_deliveries(wired or self.up, waiting)

    def receipts(self, case: CaseSheet) -> list[KeptReceipt]:
        with self.up.units.reading() as session:
            return receipts_of_case(session, case.id)

    def lists(self, case: CaseSheet) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """(at risk, late) of this demand, each as (nature, reason)."""
        now = self.clock.now()
        with self.up.units.reading() as session:
            found = receipts_at_risk(session, WATCHING, now), receipt_breaches(session, WATCHING, now)
        mine = [[(x.nature, x.reason) for x in lines if x.reference == case.reference] for lines in found]
        return mine[0], mine[1]

    def texts_to(self, address: str) -> list[str]:
        found = []
        for path in mails_to(self.servers.outbox_folder, address):
            body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
            found.append(str(body.get_content()) if body else "")  # type: ignore[attr-defined]
        return found


def _id_of(session: Any, reference: str) -> int:
    return int(session.scalar(sa.select(Case.id).where(Case.reference == reference)))
