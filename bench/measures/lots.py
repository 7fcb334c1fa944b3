"""Five thousand demands taken up at once, as a supervisor asked from a list, by one worker.

It makes many cases open: it comes last.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import sqlalchemy as sa

from bench.house import House
from bench.plan import Plan
from bench.table import Line, judged
from crm.cases import Case, one_lot, start_lot
from crm.foundation import SYSTEM, Delivery
from crm.staff import Agent, Grant, actor_of
from crm.wiring import Wiring, wire
from workers.jobs.run import do_deliveries

_WANTED = 5_000
_LIMIT_SECONDS = 60.0


def measure(house: House, plan: Plan) -> Iterator[Line]:
    wired = wire(house.settings)
    try:
        lot_id = _asked(wired, _made_ready(wired))
        with wired.units.reading() as session:
            due = sa.select(Delivery.id).where(Delivery.done_at.is_(None), Delivery.job == "do_lots")
            ids = list(session.scalars(due))
        began = time.perf_counter()
        do_deliveries(wired, ids)
        spent = time.perf_counter() - began
        with wired.units.reading() as session:
            lot = one_lot(session, lot_id)
    finally:
        wired.close()
    yield Line("lot, demands", lot.total, "")
    yield judged(
        f"lot, {_WANTED:,} demands", spent * _WANTED / max(lot.total, 1), "s", f"≤ {_LIMIT_SECONDS:.0f}",
        lambda seconds: seconds <= _LIMIT_SECONDS, lot.total - lot.done,
    )  # fmt: skip


def _made_ready(wired: Wiring) -> list[str]:
    """Cases of units, given back to them as if nobody had begun."""
    with wired.units.begin(SYSTEM) as uow:
        ours = Case.unit_id.is_not(None), Case.reference.not_like("bench-%")  # those are no references
        some = sa.select(Case.id).where(*ours).order_by(Case.id.desc()).limit(_WANTED)
        fresh = (
            sa.update(Case)
            .where(Case.id.in_(some.scalar_subquery()))
            .values(
                state="assigned", accepted_by_id=None, closed_at=None, answered_at=None,
                resolved_at=None, outcome=None, duplicate_of_id=None, no_answer_reason=None,
            )
            .returning(Case.reference)
        )  # fmt: skip
        return list(uow.session.scalars(fresh))


def _asked(wired: Wiring, references: list[str]) -> int:
    with wired.units.reading() as session:
        who = sa.select(Agent.id).join(Grant, Grant.agent_id == Agent.id).where(Grant.role == "supervisor")
        actor = actor_of(session, session.scalars(who.limit(1)).one())
    if actor is None:
        raise SystemExit("The population has no supervisor whose account is open.")
    with wired.units.begin(actor) as uow:
        return start_lot(uow, "accept", {}, references)
