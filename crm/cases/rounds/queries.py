"""Rounds as they are read: by day; one, with its stops in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from crm.access import Permission, allows, everywhere, visible
from crm.cases.lifecycle import WITH_UNIT, CaseState
from crm.cases.models import Case
from crm.cases.orders.lifecycle import OrderState
from crm.cases.orders.models import WorkOrder
from crm.cases.rounds.models import OfUnit, Round, RoundStop
from crm.cases.rounds.ordering import Point
from crm.foundation import Actor, NotFound
from crm.interactions import Interaction
from crm.territory import Commune

StopKey = tuple[str, int | None]  # a reference, with the number of an order where it is one

_MOST_ROUNDS = 100
_MOST_BESIDE = 60
_TITLE = 200
_C: Any = cast(sa.Table, Case.__table__).c
_W: Any = cast(sa.Table, WorkOrder.__table__).c
_S: Any = cast(sa.Table, RoundStop.__table__).c


@dataclass(frozen=True, slots=True)
class RoundCard:
    id: int
    unit_id: int
    agent_id: int | None
    day: date
    name: str
    start_label: str
    start_lon: float | None
    start_lat: float | None
    version: int
    stops: int

    @property
    def start(self) -> Point | None:
        """Where it leaves from."""
        if self.start_lon is None or self.start_lat is None:
            return None
        return self.start_lon, self.start_lat


@dataclass(frozen=True, slots=True)
class StopWanted:
    """A case, or one of its orders by number, that may be put on a round.

    Args:
        words: what is to be done.
        is_open: there is work left for the unit.
    """

    case_id: int
    reference: str
    number: int | None
    order_id: int | None
    unit_id: int | None
    words: str
    category_code: str | None
    priority: int
    state: str
    planned_on: date | None
    version: int
    place_label: str
    place_hint: str
    commune: str
    lon: float | None
    lat: float | None
    insee: str | None
    origin_insee: str | None
    responsible_insee: str | None
    readers: list[str] | None

    @property
    def point(self) -> Point | None:
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)

    @property
    def is_open(self) -> bool:
        if self.order_id is None:
            return self.state in WITH_UNIT
        return self.state in {OrderState.ASKED, OrderState.ACCEPTED, OrderState.PLANNED}

    @property
    def is_done(self) -> bool:
        ends = {CaseState.RESOLVED, CaseState.CLOSED} if self.order_id is None else {OrderState.DONE}
        return self.state in ends


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of the round. `is_ours`: the unit still has it and the actor sees it; else it is not told."""

    id: int
    place: int
    wanted: StopWanted
    is_ours: bool


_ASKED = sa.select(Interaction.body).where(Interaction.id == _W.asked_note_id).scalar_subquery()
_of_order = _W.id.is_not(None)


def _either(of_order: Any, of_case: Any) -> sa.ColumnElement[Any]:
    return sa.case((_of_order, of_order), else_=of_case)


_WANTED: tuple[Any, ...] = (
    _C.id.label("case_id"),
    _C.reference,
    _W.number,
    _W.id.label("order_id"),
    _either(_W.unit_id, _C.unit_id).label("unit_id"),
    _either(sa.func.left(_ASKED, _TITLE), sa.func.left(_C.object, _TITLE)).label("words"),
    _C.category_code,
    _C.priority,
    _either(_W.state, _C.state).label("state"),
    _either(_W.planned_on, _C.planned_on).label("planned_on"),
    _either(_W.version, _C.version).label("version"),
    _C.place_label,
    _C.place_hint,
    sa.func.coalesce(Commune.name, "").label("commune"),
    _C.lon,
    _C.lat,
    _C.insee,
    _C.origin_insee,
    _either(_W.responsible_insee, _C.responsible_insee).label("responsible_insee"),
    _C.readers,
)


_BASE: sa.Select[*tuple[Any, ...]] = (
    sa.select(*_WANTED).select_from(Case.__table__).outerjoin(Commune, Commune.insee == _C.insee)
)
_ALONE = _BASE.outerjoin(WorkOrder.__table__, sa.false())
_WITHIN = _BASE.join(WorkOrder.__table__, _W.case_id == _C.id)


def stops_wanted(
    session: Session, actor: Actor, chosen: Sequence[tuple[str, int | None]]
) -> list[StopWanted]:
    """What of that is the actor's to send somebody to, in the order given. Two statements at most."""
    cases = [reference for reference, number in chosen if number is None]
    orders = [pair for pair in chosen if pair[1] is not None]
    found: dict[tuple[str, int | None], StopWanted] = {}
    if cases:
        alone = _ALONE.where(_C.reference.in_(cases))
        found |= {(row.reference, None): StopWanted(*row) for row in session.execute(alone)}
    if orders:
        within = _WITHIN.where(sa.tuple_(_C.reference, _W.number).in_(orders))
        found |= {(row.reference, row.number): StopWanted(*row) for row in session.execute(within)}
    wanted = [found[pair] for pair in dict.fromkeys(chosen) if pair in found]
    return [one for one in wanted if one.is_open and allows(actor, _right(one), one)]


def _right(one: StopWanted) -> Permission:
    return Permission.CASE_ACCEPT if one.order_id is None else Permission.ORDER_LEAD


_R: Any = cast(sa.Table, Round.__table__).c
_COUNT = sa.select(sa.func.count()).where(_S.round_id == _R.id).scalar_subquery()
_CARD: sa.Select[*tuple[Any, ...]] = sa.select(
    _R.id, _R.unit_id, _R.agent_id, _R.day, _R.name, _R.start_label, _R.start_lon, _R.start_lat,
    _R.version, _COUNT.label("stops"),
).where(_R.cancelled_at.is_(None))  # fmt: skip


def rounds_from(session: Session, actor: Actor, day: date, *, unit_id: int | None = None) -> list[RoundCard]:
    """Those of that day and after, within reach, of one unit when it is given. One statement."""
    own = sa.true() if everywhere(actor, Permission.ROUND_VIEW) else _R.unit_id.in_(sorted(actor.unit_ids))
    query = _CARD.where(_R.day >= day, own, sa.true() if unit_id is None else _R.unit_id == unit_id)
    return [RoundCard(*row) for row in session.execute(query.order_by(_R.day, _R.id).limit(_MOST_ROUNDS))]


def one_round(session: Session, actor: Actor, round_id: int) -> tuple[RoundCard, list[Stop]]:
    """Two statements, whatever its stops.

    Raises:
        NotFound: no such round, one that was cancelled, or another unit's.
    """
    row = session.execute(_CARD.where(_R.id == round_id)).one_or_none()
    if row is None or not allows(actor, Permission.ROUND_VIEW, OfUnit(row.unit_id)):
        raise NotFound(round=round_id)
    card = RoundCard(*row)
    query = (
        sa.select(_S.id, _S.place, *_WANTED)
        .select_from(RoundStop.__table__)
        .join(Case.__table__, _C.id == _S.case_id)
        .outerjoin(WorkOrder.__table__, _W.id == _S.order_id)
        .outerjoin(Commune, Commune.insee == _C.insee)
        .where(_S.round_id == round_id)
        .order_by(_S.place)
    )
    found = [(row[0], row[1], StopWanted(*row[2:])) for row in session.execute(query)]
    return card, [
        Stop(id_, place, one, one.unit_id == card.unit_id and allows(actor, Permission.CASE_VIEW, one))
        for id_, place, one in found
    ]


def rounds_holding(
    session: Session, stops: Sequence[StopWanted], today: date
) -> dict[StopKey, list[RoundCard]]:
    """In which rounds of today and after each of them is already. One statement."""
    at = {(one.case_id, one.order_id): (one.reference, one.number) for one in stops}
    cases = sorted({case_id for case_id, _order_id in at})
    stop = aliased(RoundStop)  # beside those that the card counts
    query = _CARD.add_columns(stop.case_id, stop.order_id).join(stop, stop.round_id == _R.id)
    query = query.where(_R.day >= today, stop.case_id.in_(cases)).order_by(_R.day, _R.id)
    held: dict[StopKey, list[RoundCard]] = {}
    for *card, case_id, order_id in session.execute(query) if cases else []:
        if (case_id, order_id) in at:
            held.setdefault(at[case_id, order_id], []).append(RoundCard(*card))
    return held


def stops_beside(session: Session, actor: Actor, card: RoundCard, today: date) -> list[StopWanted]:
    """What its unit has still to do in the sectors of the round, on no round of today or later; where none of
    its stops has a sector, in all of them. The urgent first; _MOST_BESIDE at most. Two statements.
    """
    case, stop = aliased(Case), aliased(RoundStop)
    sectors = sa.select(case.sector_code).join(stop, stop.case_id == case.id)
    sectors = sectors.where(stop.round_id == card.id, case.sector_code.is_not(None))
    taken = sa.exists().where(
        _S.round_id == _R.id, _R.day >= today, _R.cancelled_at.is_(None),
        _S.case_id == _C.id, _S.order_id.is_not_distinct_from(_W.id),
    )  # fmt: skip
    free = sa.and_(sa.or_(_C.sector_code.in_(sectors), ~sectors.exists()), ~taken)
    alone = _ALONE.where(_C.unit_id == card.unit_id, _C.closed_at.is_(None), _C.state.in_(sorted(WITH_UNIT)))
    alone = alone.where(visible(actor, Case, Permission.CASE_ACCEPT)).order_by(_C.priority, _C.due_at, _C.id)
    within = _WITHIN.where(_W.unit_id == card.unit_id, _W.ended_at.is_(None))
    within = within.where(visible(actor, WorkOrder, Permission.ORDER_LEAD))
    within = within.order_by(_C.priority, _W.due_on, _W.id)
    found = [
        StopWanted(*row)
        for query in (alone, within)
        for row in session.execute(query.where(free).limit(_MOST_BESIDE))
    ]
    return sorted(found, key=lambda one: one.priority)[:_MOST_BESIDE]
