"""Pictures as numbers: where each bar begins and how long it is, in the units of the drawing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_BAR = 22  # from one bar to the next
_LABEL = 190  # what stands before the bars
_LENGTH = 360
_COLUMN = 36
_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar; `rank` chooses its shade."""

    x: int
    width: int
    rank: int


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar that lies, made of parts end to end."""

    label: str
    y: int
    parts: list[Part]
    total: int
    end: int


@dataclass(frozen=True, slots=True)
class Column:
    """Two bars that stand side by side: now, and a week ago."""

    label: str
    x: int
    now: int
    now_top: int
    now_height: int
    before: int
    before_top: int
    before_height: int


@dataclass(frozen=True, slots=True)
class Columns:
    width: int
    height: int
    columns: list[Column]


def stacks(rows: Sequence[tuple[str, Sequence[int]]]) -> list[Stack]:
    """All on one scale: the longest bar fills the width. What is not nothing can be seen."""
    longest = max([sum(values) for _, values in rows], default=0) or 1
    return [_stack(label, values, row * _BAR, longest) for row, (label, values) in enumerate(rows)]


def _stack(label: str, values: Sequence[int], y: int, longest: int) -> Stack:
    parts, x = [], _LABEL
    for rank, value in enumerate(values):
        width = _scaled(value, longest, _LENGTH)
        if width:
            parts.append(Part(x, width, rank))
        x += width
    return Stack(label, y, parts, sum(values), x)


def columns(rows: Sequence[tuple[str, int, int]]) -> Columns:
    tallest = max([max(now, before) for _, now, before in rows], default=0) or 1
    drawn = []
    for place, (label, now, before) in enumerate(rows):
        tall, wide = _scaled(now, tallest, _HEIGHT), _scaled(before, tallest, _HEIGHT)
        top = _HEIGHT + 14  # the number stands over the bar
        drawn.append(Column(label, place * _COLUMN, now, top - tall, tall, before, top - wide, wide))
    return Columns(width=max(len(rows), 1) * _COLUMN, height=_HEIGHT + 32, columns=drawn)


def _scaled(value: int, most: int, length: int) -> int:
    return max(2, value * length // most) if value else 0
