"""What a run found: lines of a table, kept as JSON too."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.load import Result


@dataclass(frozen=True, slots=True)
class Line:
    """One measure.

    Args:
        value: in `unit`.
        ratio: to what the same run measured beside it, said in `beside`.
        target: in words; empty when there is none.
        met: None when the measure has no target.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    beside: str = ""
    target: str = ""
    met: bool | None = None
    wrong: int = 0

    @property
    def verdict(self) -> str:
        if self.wrong:
            return f"{self.wrong} wrong answers"
        return {None: "", True: "yes", False: "NO"}[self.met]


def served(name: str, result: Result) -> Line:
    """A rate that nothing is asked of."""
    return Line(name, round(result.rate, 1), "/s", wrong=len(result.wrong))


def judged(
    name: str, value: float, unit: str, target: str, holds: Callable[[float], bool], wrong: int = 0
) -> Line:
    return Line(name, round(value, 2), unit, target=target, met=holds(value) and not wrong, wrong=wrong)


def compared(
    name: str, value: float, unit: str, beside: tuple[str, float], target: str, least: float, wrong: int = 0
) -> Line:
    """A value whose ratio to another must be at least `least`."""
    what, other = beside
    ratio = value / other if other else 0.0
    met = ratio >= least and not wrong
    return Line(name, round(value, 1), unit, round(ratio, 3), what, target, met, wrong)


def no_more(name: str, value: float, unit: str, beside: tuple[str, float], target: str, most: float) -> Line:
    """A value that must be at most `most` times another."""
    what, other = beside
    ratio = value / other if other else float("inf")
    return Line(name, round(value, 2), unit, round(ratio, 2), what, target, ratio <= most)


def show(lines: Sequence[Line]) -> None:
    rows = [("measure", "value", "ratio", "target", "met?")]
    for line in lines:
        ratio = f"{line.ratio:g} of {line.beside}" if line.ratio is not None else ""
        rows.append((line.name, f"{line.value:g} {line.unit}", ratio, line.target, line.verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True
        )


def keep(folder: Path, cases: int, lines: Sequence[Line], machine: dict[str, Any]) -> Path:
    now = datetime.now(UTC)
    file = folder / f"{now:%Y%m%d-%H%M%S}-{cases}.json"
    told = {"at": now.isoformat(timespec="seconds"), "cases": cases, "machine": machine}
    file.write_text(
        json.dumps({**told, "lines": [asdict(line) for line in lines]}, indent=2), encoding="utf-8"
    )
    return file
