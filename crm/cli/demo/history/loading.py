"""The demonstration's three years: deterministic for a seed and a moment, ending today, written by COPY."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import Rulebook
from crm.catalogue import catalogue
from crm.cli.demo.history.calendar import Days, Office, moment, remembering
from crm.cli.demo.history.cast import Cast
from crm.cli.demo.history.demands import Demands, Judge
from crm.cli.demo.history.life import Life
from crm.cli.demo.history.people import Kept, Town
from crm.cli.demo.history.places import Door, Doors
from crm.cli.demo.history.present import Present
from crm.cli.demo.history.stories import Teller
from crm.cli.demo.history.writing import name_lives, reserve_block, write_lives, write_people
from crm.foundation import PARIS, UnitOfWork
from crm.promises import calendar_in_force
from crm.routing import current_table
from crm.staff import units

SEED = 99_000
_YEARS = timedelta(days=3 * 365)
_TWINS = 0.05
_EXAMPLES = 12  # of each unit's subjects and places


@dataclass(frozen=True, slots=True)
class Told:
    cases: int
    contacts: int


def load_history(uow: UnitOfWork, *, cases: int = 20_000, people: int = 7_500, seed: int = SEED) -> Told:
    """Invent people and what they asked for, up to this moment. Nobody is written to.

    Raises:
        NotAllowed.
    """
    require(uow.actor, Permission.CASE_IMPORT)
    with nothing_thrown_away():
        return _invent(uow, cases, people, seed)


def _invent(uow: UnitOfWork, cases: int, people: int, seed: int) -> Told:
    session, now, chance = uow.session, uow.now, Random(seed)  # noqa: S311 — nothing secret is drawn
    book = rulebook(session, now)
    doors, cast, office = Doors(session), Cast(session), Office(book.calendar)
    known = [*_town(uow, chance, doors, people)]
    residents = [kept.person for kept in known]
    exchange_ids = count(reserve_block(session, "interactions", cases * 8)[0])
    demands = Demands(Judge(book), cast, doors, office, residents, exchange_ids=exchange_ids)
    teller = Teller(demands, office, now)
    lives = begun(chance, demands, cases, now)
    scenes = [*Present(demands, teller, office, residents, now).scenes(chance, examples(lives))]
    everything = [*lives, *(scene.life for scene in scenes)]
    name_lives(session, everything, reserve_block(session, "cases", len(everything)), "demo")
    for life in lives:
        teller.tell(chance, life)
    for scene in scenes:
        scene.tell(chance, scene.life)
    write_people(session, known, everything)
    write_lives(session, everything)
    session.execute(sa.text("ANALYZE cases, interactions, events, contacts, contact_points, contact_links"))
    return Told(len(everything), people)


@contextmanager
def nothing_thrown_away() -> Iterator[None]:
    """A million objects made and all kept: looking for those to throw away would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def rulebook(session: Session, now: datetime) -> Rulebook:
    """What the centre goes by, as this very transaction sees it."""
    calendar = remembering(calendar_in_force(session).calendar)
    known = {card.id: card for card in units(session)}
    return Rulebook(catalogue(session), current_table(session, now), known, calendar)


def _town(uow: UnitOfWork, chance: Random, doors: Doors, people: int) -> Iterator[Kept]:
    point_ids = count(reserve_block(uow.session, "contact_points", people * 3)[0])
    town = Town(doors.all, point_ids)
    for contact_id in reserve_block(uow.session, "contacts", people):
        yield town.person(chance, contact_id, uow.now)


def begun(chance: Random, demands: Demands, cases: int, now: datetime) -> list[Life]:
    """So many demands over three years, one in twenty about what somebody else has just told."""
    today = now.astimezone(PARIS).date()
    days = Days(today - _YEARS, today)
    lives: list[Life] = []
    while len(lives) < cases:
        life = demands.on(chance, days.draw(chance), now)
        lives.append(life)
        start = life.start
        if chance.random() < _TWINS and start.door and len(lives) < cases:
            later = start.said.received_at + timedelta(hours=chance.uniform(0.2, 48))
            if later < now:
                channel = chance.choice(("web", "web", "phone"))
                at = min(moment(chance, later.astimezone(PARIS).date(), channel), now)
                twin = demands.begin(
                    chance, start.said.category_code, channel, max(at, start.said.received_at),
                    until=now, door=start.door, is_twin=True,
                )  # fmt: skip
                lives.append(twin)
    return lives


def examples(lives: Sequence[Life]) -> dict[int, list[tuple[str, Door]]]:
    """By unit, what the rules entrusted to it: subjects, each with a door."""
    found: defaultdict[int, dict[str, tuple[str, Door]]] = defaultdict(dict)
    for life in lives:
        decision, start = life.found.decision, life.start
        code = start.said.category_code
        if decision.kind != "route" or decision.unit_id is None or start.door is None or code is None:
            continue
        if len(found[decision.unit_id]) < _EXAMPLES:
            found[decision.unit_id].setdefault(code, (code, start.door))
    return {unit_id: [*pairs.values()] for unit_id, pairs in found.items()}
