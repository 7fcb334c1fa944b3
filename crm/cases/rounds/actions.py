"""A team lead sends somebody round: the stops are put in order, planned for the day, moved by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases.actions.leading_work import entrust_colleague
from crm.cases.actions.unit_work import plan_case, wrong_minutes
from crm.cases.models import Case
from crm.cases.orders.actions.doing import OrderPlan, plan_order
from crm.cases.orders.models import WorkOrder
from crm.cases.rounds.events import RoundCancelled, RoundChanged, RoundMade
from crm.cases.rounds.models import OfUnit, Round, RoundStop
from crm.cases.rounds.ordering import Point, nearest_first
from crm.cases.rounds.queries import StopKey, StopWanted, rounds_holding, stops_wanted
from crm.cases.rounds.telling import tell_joined, tell_left
from crm.foundation import PARIS, Conflict, Invalid, NotFound, UnitOfWork, clean
from crm.staff import Unit, team_of

MOST_STOPS = 40
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRound:
    """
    Args:
        stops: references, with the number of an order where it is one.
        start: where it leaves from; None for the first of the stops.
        again: those of them that are known to be in another round, and wanted in this one too.
        plans: each stop is planned for the day, and followed by whoever goes.
        minutes: how long each stop takes; None leaves what was said of it, else the unit's usual.
    """

    unit_id: int
    day: date
    stops: Sequence[StopKey]
    again: Collection[StopKey] = ()
    agent_id: int | None = None
    name: str = ""
    start_label: str = ""
    start: Point | None = None
    plans: bool = True
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class MadeRound:
    """`left_out`: how many of the stops were not the unit's to do any more."""

    id: int
    left_out: int


def make_round(uow: UnitOfWork, new: NewRound) -> MadeRound:
    """
    Raises:
        Invalid: no stop left, more than MOST_STOPS, a day that is past, nobody of that unit, too long a name,
            no time at a stop or far too much; a stop that another round has, and that was not asked again.
    """
    require(uow.actor, Permission.ROUND_MAKE, OfUnit(new.unit_id))
    _check(uow, new)
    _one_at_a_time(uow, new.unit_id)
    wanted = [one for one in stops_wanted(uow.session, uow.actor, new.stops) if one.unit_id == new.unit_id]
    if not wanted:
        raise Invalid({"stops": "no_stop_left"})
    _not_elsewhere(uow, wanted, new.again)
    made = Round(
        unit_id=new.unit_id,
        agent_id=new.agent_id,
        day=new.day,
        name=clean(new.name),
        start_label=clean(new.start_label) if new.start else "",
        start_lon=new.start[0] if new.start else None,
        start_lat=new.start[1] if new.start else None,
        made_at=uow.now,
        made_by_id=uow.actor.id,
    )
    uow.session.add(made)
    uow.session.flush()
    _put(
        uow,
        made,
        nearest_first(new.start, [(one, one.point) for one in wanted]),
        plans=new.plans,
        minutes=new.minutes,
    )
    uow.record(
        RoundMade(
            subject_id=made.id,
            unit_id=new.unit_id,
            agent_id=new.agent_id,
            day=new.day.isoformat(),
            how_many=len(wanted),
        )
    )
    return MadeRound(made.id, len(set(new.stops)) - len(wanted))


def _check(uow: UnitOfWork, new: NewRound) -> None:
    wrong = wrong_minutes(new.minutes)
    if new.day < uow.now.astimezone(PARIS).date():
        wrong["day"] = "past"
    if new.agent_id is not None and new.agent_id not in team_of(uow.session, new.unit_id):
        wrong["agent_id"] = "unknown"
    if len(new.name) > _LONGEST_NAME:
        wrong["name"] = "too_long"
    if len(new.stops) > MOST_STOPS:
        wrong["stops"] = "too_many_stops"
    if wrong:
        raise Invalid(wrong)


def _one_at_a_time(uow: UnitOfWork, unit_id: int) -> None:
    """Two rounds of a unit that are made in the same second know of each other."""
    held = sa.select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True)
    uow.session.execute(held)


def _not_elsewhere(uow: UnitOfWork, wanted: Sequence[StopWanted], again: Collection[StopKey]) -> None:
    """Nobody is sent twice to one place without somebody knowing it."""
    held = rounds_holding(uow.session, wanted, uow.now.astimezone(PARIS).date())
    if held.keys() - set(again):
        raise Invalid({"stops": "in_another_round"})


def add_stops(
    uow: UnitOfWork,
    round_id: int,
    chosen: Sequence[StopKey],
    *,
    seen_version: int,
    again: Collection[StopKey] = (),
    plans: bool = True,
    minutes: int | None = None,
) -> MadeRound:
    """After its last stop, the nearest first: the order that stands is kept.

    Raises:
        Conflict: somebody changed the round first.
        Invalid: nothing that is not in it already, more than MOST_STOPS in all, a round of the past, no time
            at a stop or far too much; a stop that another round has, and that was not asked again.
        NotFound: no such round.
    """
    held = _hold(uow, round_id)
    require(uow.actor, Permission.ROUND_MAKE, OfUnit(held.unit_id))
    _one_at_a_time(uow, held.unit_id)
    there = _stops(uow, held, seen_version)
    known = {(stop.case_id, stop.order_id) for stop in there}
    wanted = [
        one
        for one in stops_wanted(uow.session, uow.actor, chosen)
        if one.unit_id == held.unit_id and (one.case_id, one.order_id) not in known
    ]
    if held.day < uow.now.astimezone(PARIS).date():
        raise Invalid({"round": "round_over"})
    if not wanted:
        raise Invalid({"stops": "no_stop_left"})
    if len(there) + len(wanted) > MOST_STOPS:
        raise Invalid({"stops": "too_many_stops"})
    if wrong := wrong_minutes(minutes):
        raise Invalid(wrong)
    _not_elsewhere(uow, wanted, again)
    walked = nearest_first(_end(uow, held, there), [(one, one.point) for one in wanted])
    _put(uow, held, walked, after=len(there), plans=plans, minutes=minutes)
    _changed(uow, held)
    return MadeRound(held.id, len(set(chosen)) - len(wanted))


def _end(uow: UnitOfWork, held: Round, stops: Sequence[RoundStop]) -> Point | None:
    """Where the walk is over so far; where it leaves from, when the last place is unknown."""
    ends = [(held.start_lon, held.start_lat)]
    if stops:
        last = uow.session.get_one(Case, stops[-1].case_id)
        ends.append((last.lon, last.lat))
    known = [(lon, lat) for lon, lat in ends if lon is not None and lat is not None]
    return known[-1] if known else None


def _put(
    uow: UnitOfWork,
    held: Round,
    walked: Sequence[StopWanted],
    *,
    after: int = 0,
    plans: bool,
    minutes: int | None,
) -> None:
    rows = [
        {"round_id": held.id, "place": place, "case_id": one.case_id, "order_id": one.order_id}
        for place, one in enumerate(walked, after + 1)
    ]
    uow.session.execute(sa.insert(RoundStop), rows)
    tell_joined(uow, held, [(one.case_id, one.order_id) for one in walked])
    for one in walked if plans else []:
        _plan(uow, held, one, minutes)


def _plan(uow: UnitOfWork, held: Round, one: StopWanted, minutes: int | None) -> None:
    """What stands on that day already keeps its hour and its crew: nobody is told twice."""
    stands, seen = one.planned_on == held.day, one.version
    known = (Case, one.case_id) if one.order_id is None else (WorkOrder, one.order_id)
    row = uow.session.get_one(*known)
    if not stands and isinstance(row, Case):
        plan_case(uow, one.reference, planned_on=held.day, seen_version=seen)
        uow.session.flush()
        seen = row.version
    if isinstance(row, Case) and held.agent_id is not None:
        entrust_colleague(uow, one.reference, agent_id=held.agent_id, seen_version=seen)
    if isinstance(row, WorkOrder) and (not stands or held.agent_id not in {None, row.agent_id}):
        slot, crew = (row.slot, row.crew) if stands else ("", "")
        plan = OrderPlan(planned_on=held.day, slot=slot, agent_id=held.agent_id, crew=crew)
        plan_order(uow, one.reference, row.number, plan=plan, seen_version=seen)
    row.planned_minutes = minutes or row.planned_minutes


def move_stop(uow: UnitOfWork, round_id: int, stop_id: int, *, by: int, seen_version: int) -> None:
    """One place up (-1) or down (+1); at an end, it stays.

    Raises:
        Conflict: somebody changed the round first.
        NotFound: no such stop.
    """
    held = _hold(uow, round_id)
    require(uow.actor, Permission.ROUND_MAKE, OfUnit(held.unit_id))
    stops = _stops(uow, held, seen_version)
    here = _rank(stops, stop_id)
    there = here + (1 if by > 0 else -1)
    if 0 <= there < len(stops):
        stops[here].place, stops[there].place = stops[there].place, stops[here].place
        _changed(uow, held)


def drop_stop(uow: UnitOfWork, round_id: int, stop_id: int, *, seen_version: int) -> None:
    """Off the round; its plan stays as it was.

    Raises:
        Conflict: somebody changed the round first.
        NotFound: no such stop.
    """
    held = _hold(uow, round_id)
    require(uow.actor, Permission.ROUND_MAKE, OfUnit(held.unit_id))
    stops = _stops(uow, held, seen_version)
    gone = stops.pop(_rank(stops, stop_id))
    uow.session.delete(gone)
    tell_left(uow, held, [(gone.case_id, gone.order_id)])
    for place, stop in enumerate(stops, 1):
        stop.place = place
    _changed(uow, held)


def cancel_round(uow: UnitOfWork, round_id: int) -> None:
    """Nobody goes; what was planned stays planned, and is seen in the lists."""
    held = _hold(uow, round_id)
    require(uow.actor, Permission.ROUND_MAKE, OfUnit(held.unit_id))
    held.cancelled_at = uow.now
    stops = _stops(uow, held, held.version)
    tell_left(uow, held, [(stop.case_id, stop.order_id) for stop in stops])
    uow.record(RoundCancelled(subject_id=held.id))


def _hold(uow: UnitOfWork, round_id: int) -> Round:
    found = uow.session.scalar(
        sa.select(Round).where(Round.id == round_id, Round.cancelled_at.is_(None)).with_for_update()
    )
    if found is None:
        raise NotFound(round=round_id)
    return found


def _stops(uow: UnitOfWork, held: Round, seen_version: int) -> list[RoundStop]:
    if held.version != seen_version:
        raise Conflict(seen=seen_version, current=held.version)
    query = sa.select(RoundStop).where(RoundStop.round_id == held.id).order_by(RoundStop.place)
    return list(uow.session.scalars(query))


def _rank(stops: Sequence[RoundStop], stop_id: int) -> int:
    for rank, stop in enumerate(stops):
        if stop.id == stop_id:
            return rank
    raise NotFound(stop=stop_id)


def _changed(uow: UnitOfWork, held: Round) -> None:
    held.version += 1
    uow.record(RoundChanged(subject_id=held.id))
