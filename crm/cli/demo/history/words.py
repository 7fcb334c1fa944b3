"""The words and habits of the invented residents, from config/demo/."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from crm.foundation import ROOT

_FOLDER = ROOT / "config" / "demo"


@dataclass(frozen=True, slots=True)
class Subject:
    """What residents say of one category, how often, and how much more or less in some months."""

    code: str
    weight: float
    says: tuple[str, ...]
    season: dict[int, float]


@cache
def subjects() -> tuple[Subject, ...]:
    return tuple(
        Subject(
            code,
            said["weight"],
            tuple(said["says"]),
            {int(month): factor for month, factor in said.get("season", {}).items()},
        )
        for code, said in _read(_FOLDER / "sayings.toml").items()
    )


@cache
def words() -> dict[str, Any]:
    return _read(_FOLDER / "words.toml")


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def some(chance: Random, kind: str) -> str:
    """One of the invented sentences of a kind."""
    return str(chance.choice(words()[kind]))


def report_of(chance: Random, outcome: str) -> str:
    reports = words()["reports"]
    return str(chance.choice(reports.get(outcome) or reports["F"]))
