"""In which order to go: always to the nearest place that is left. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from crm.cases.together.grid import metres

Point = tuple[float, float]  # longitude, latitude
T = TypeVar("T")


def nearest_first(start: Point | None, places: Sequence[tuple[T, Point | None]]) -> list[T]:
    """The things to visit in the order of the walk; those whose place is unknown come last, as given.

    Args:
        start: where the round leaves from; None for the first of the places.
    """
    left = [(thing, at) for thing, at in places if at is not None]
    here = start or (left[0][1] if left else None)
    walked: list[T] = []
    while left and here is not None:
        near = here
        nearest = min(range(len(left)), key=lambda rank: (_away(near, left[rank][1]), rank))
        thing, here = left.pop(nearest)
        walked.append(thing)
    return walked + [thing for thing, at in places if at is None]


def _away(here: Point, there: Point) -> float:
    return metres(*here, *there)
