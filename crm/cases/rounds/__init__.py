"""Rounds: who goes where on a day, in which order."""

from crm.cases.rounds.actions import (
    MOST_STOPS,
    MadeRound,
    NewRound,
    add_stops,
    cancel_round,
    drop_stop,
    make_round,
    move_stop,
)
from crm.cases.rounds.models import OfUnit
from crm.cases.rounds.ordering import Point, nearest_first
from crm.cases.rounds.queries import (
    RoundCard,
    Stop,
    StopKey,
    StopWanted,
    one_round,
    rounds_from,
    rounds_holding,
    stops_beside,
    stops_wanted,
)
from crm.cases.rounds.weeks import UnitWeek, weeks_of

__all__ = [
    "MOST_STOPS", "MadeRound", "NewRound", "OfUnit", "Point", "RoundCard", "Stop", "StopKey", "StopWanted",
    "UnitWeek", "add_stops", "cancel_round", "drop_stop", "make_round", "move_stop", "nearest_first",
    "one_round", "rounds_from", "rounds_holding", "stops_beside", "stops_wanted", "weeks_of",
]  # fmt: skip
