"""A lot is done row by row as the agent who asked, once, whatever stops in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from importlib import import_module

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, LotCard, lot_lines, one_lot, start_lot
from crm.foundation import ROOT, SYSTEM, Actor, Delivery, EventRow
from crm.staff import Agent
from crm.wiring import Wiring
from tests import given
from tests.servers import Servers
from tests.web.world import World
from workers.jobs.run import do_deliveries


def _lead(world: World) -> Actor:
    return given.actor("team_lead", unit=world.services["voirie"], id=world.ids["team_lead"])


def _asked(wired: Wiring, world: World, chosen: list[str], act: str = "accept", **told: object) -> int:
    with wired.units.begin(_lead(world)) as uow:
        return start_lot(uow, act, told, chosen)


def _opened(wired: Wiring, world: World, **told: object) -> str:
    with wired.units.begin(SYSTEM) as uow:
        state = told.pop("state", CaseState.ASSIGNED)
        return given.open_case(uow, world.book, state, **told)  # type: ignore[arg-type]


def _due(wired: Wiring) -> list[int]:
    with wired.sessions() as session:
        undone = sa.select(Delivery.id).where(Delivery.done_at.is_(None), Delivery.job == "do_lots")
        return list(session.scalars(undone))


def _results(wired: Wiring, lot_id: int) -> list[str | None]:
    with wired.sessions() as session:
        return [line.result for line in lot_lines(session, lot_id)]


def _card(wired: Wiring, lot_id: int) -> LotCard:
    with wired.sessions() as session:
        return one_lot(session, lot_id)


def test_each_demand_is_done_or_refused_by_itself(wired: Wiring, world: World) -> None:
    ours = [_opened(wired, world) for _ in range(3)]
    taken, theirs = (
        _opened(wired, world, state=CaseState.IN_PROGRESS),
        _opened(wired, world, category_code="ECLA-01"),
    )
    lot_id = _asked(wired, world, [*ours, taken, theirs, "pas une référence"])
    do_deliveries(wired, _due(wired))
    assert _results(wired, lot_id) == ["done"] * 3 + ["taken", "out_of_reach", "out_of_reach"]
    card = _card(wired, lot_id)
    assert (card.total, card.done, card.refused) == (6, 3, 3) and card.ended_at
    assert _due(wired) == []
    with wired.sessions() as session:
        cases = session.scalars(sa.select(Case).where(Case.reference.in_(ours))).all()
        ended = session.scalars(sa.select(EventRow).where(EventRow.kind == "lot.ended")).all()
        acted = session.scalars(
            sa.select(EventRow.actor_id).where(
                EventRow.kind == "case.accepted", EventRow.subject_id.in_([case.id for case in cases])
            )
        ).all()
    assert {case.accepted_by_id for case in cases} == {world.ids["team_lead"]} == {*acted}
    assert ended[-1].data == {"done": 3, "refused": 3}


def test_two_workers_given_the_same_lot_do_each_demand_once(wired: Wiring, world: World) -> None:
    chosen = [_opened(wired, world) for _ in range(8)]
    lot_id = _asked(wired, world, chosen, "plan", planned_on="2099-01-04")
    ids = _due(wired)
    workers = [threading.Thread(target=do_deliveries, args=(wired, ids)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    do_deliveries(wired, _due(wired))
    assert _results(wired, lot_id) == ["done"] * 8
    with wired.sessions() as session:
        planned = session.scalar(
            sa.select(sa.func.count())
            .select_from(EventRow)
            .join(Case, Case.id == EventRow.subject_id)
            .where(EventRow.kind == "case.planned", Case.reference.in_(chosen))
        )
    assert planned == 8


def test_a_worker_that_dies_leaves_what_is_done_and_the_rest_is_done_later(
    wired: Wiring, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [_opened(wired, world) for _ in range(4)]
    lot_id = _asked(wired, world, chosen)
    with monkeypatch.context() as patched:
        calls: list[int] = []

        def dies(_redis: object) -> None:
            calls.append(1)
            if len(calls) == 3:
                raise MemoryError

        patched.setattr(import_module("workers.jobs.do_lots"), "beat_gently", dies)
        do_deliveries(wired, _due(wired))
    assert _results(wired, lot_id) == ["done", "done", None, None]
    assert _card(wired, lot_id).ended_at is None and _due(wired)
    do_deliveries(wired, _due(wired))
    assert _results(wired, lot_id) == ["done"] * 4


_KILLED = """
import os, signal, sys
from importlib import import_module
from tests.own_database import wired_to
from workers.jobs.run import do_deliveries
job, left = import_module("workers.jobs.do_lots"), [150]
def dies(_redis):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
job.beat_gently = dies
do_deliveries(wired_to(sys.argv[1], sys.argv[2], int(sys.argv[3])), [int(one) for one in sys.argv[4:]])
"""


def test_a_worker_killed_half_way_leaves_no_double(
    wired: Wiring, world: World, workers_database: str, servers: Servers
) -> None:
    with wired.units.begin(SYSTEM) as uow:
        chosen = [given.open_case(uow, world.book, CaseState.ASSIGNED) for _ in range(300)]
    lot_id = _asked(wired, world, chosen, "plan", planned_on="2099-01-04")
    told = (workers_database, servers.redis_url, str(servers.smtp_port), *map(str, _due(wired)))
    worker = subprocess.run([sys.executable, "-c", _KILLED, *told], cwd=ROOT, check=False)
    assert worker.returncode == -signal.SIGKILL
    assert _results(wired, lot_id) == ["done"] * 150 + [None] * 150
    do_deliveries(wired, _due(wired))
    assert _results(wired, lot_id) == ["done"] * 300 and _due(wired) == []
    with wired.sessions() as session:
        facts = sa.select(Case.reference).join(EventRow, EventRow.subject_id == Case.id)
        planned = session.scalars(facts.where(EventRow.kind == "case.planned", Case.reference.in_(chosen)))
        assert sorted(planned) == sorted(chosen)


def test_an_account_closed_meanwhile_does_nothing_more(wired: Wiring, world: World) -> None:
    reference = _opened(wired, world)
    lot_id = _asked(wired, world, [reference])
    closing = sa.update(Agent).where(Agent.id == world.ids["team_lead"])
    try:
        with wired.engine.begin() as connection:
            connection.execute(closing.values(is_active=False))
        do_deliveries(wired, _due(wired))
    finally:
        with wired.engine.begin() as connection:
            connection.execute(closing.values(is_active=True))
    assert _results(wired, lot_id) == ["not_allowed"]
