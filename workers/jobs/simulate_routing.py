"""Decides past demands again by a draft, streamed, and says how far it is. Nothing of them changes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from crm.foundation import SYSTEM, NotFound
from crm.reporting import past_cases, past_count
from crm.routing import Replay, SimulationCard, end_simulation, note_progress, one_simulation, tables_compared
from crm.wiring import Wiring
from workers.facts import each_undone
from workers.queues import beat_gently

_TELL_EACH = 5000


def simulate_routing(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    for fact in each_undone(wired, delivery_ids):
        with suppress(NotFound):  # the draft was dropped meanwhile
            _simulate(wired, int(fact.data["simulation_id"]))


def _simulate(wired: Wiring, simulation_id: int) -> None:
    book = wired.rulebooks.current()
    with wired.units.reading() as session:
        asked = one_simulation(session, SYSTEM, simulation_id)
        before, after = tables_compared(session, asked.table_id)
        replay = Replay(before, after, book.units, later=timedelta(weeks=asked.later_weeks))
        _tell(wired, asked, 0, total := past_count(session, asked.since, asked.until))
        for case in past_cases(session, book.catalogue, asked.since, asked.until):
            replay.take(case)
            if replay.seen % _TELL_EACH == 0:
                _tell(wired, asked, replay.seen, total)
    with wired.units.begin(SYSTEM) as uow:
        end_simulation(uow, simulation_id, result=replay.as_kept())


def _tell(wired: Wiring, asked: SimulationCard, done: int, total: int) -> None:
    beat_gently(wired.redis)
    with wired.units.begin(SYSTEM) as uow:
        note_progress(uow, asked.id, done=done, total=total)
