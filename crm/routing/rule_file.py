"""Read a file of competence rules. One entry of the file may stand for many rules: lists are spread."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from crm.catalogue import ARRIVALS
from crm.foundation import Invalid
from crm.routing.rules import Rule

_SPREAD = ("category", "domain", "insee", "sector", "road_owner")
_COLUMN = {"category": "category_code", "domain": "domain_code", "sector": "sector_code"}


def _several(value: object) -> object:
    """One value or a list of them, alike."""
    return (value,) if isinstance(value, str) else value


def _known_channel(channel: str) -> str:
    if channel not in ARRIVALS:
        raise ValueError(f"canal inconnu : {', '.join(ARRIVALS)}")
    return channel


_Several = Annotated[tuple[str, ...], BeforeValidator(_several)]
_Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleEntry(_Section):
    """One [[rule]]. `@name` in a list stands for a group of the file; `{insee}` in `unit` for the commune."""

    category: _Several = ()
    domain: _Several = ()
    insee: _Several = ()
    sector: _Several = ()
    road_owner: _Several = ()
    place_kind: Literal["exact", "street", "home", "none"] | None = None
    channel: Annotated[str, AfterValidator(_known_channel)] | None = None
    answers: dict[str, _Several] = {}
    weekdays: frozenset[_Weekday] = frozenset()
    starts_at: time | None = None
    ends_at: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    decision: Literal["route", "refer", "refuse"] = "route"
    unit: str | None = None
    priority: int | None = None
    advice: str = ""
    advice_en: str = ""
    reason: str = ""


class RuleFile(_Section):
    note: str = ""
    outside_advice: str = ""
    outside_advice_en: str = ""
    groups: dict[str, tuple[str, ...]] = {}
    rule: tuple[RuleEntry, ...]


def read_rule_file(path: Path) -> RuleFile:
    """Read and type a file of rules.

    Raises:
        Invalid: `problems` names every mistake of form at once.
    """
    try:
        return RuleFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as wrong:
        if isinstance(wrong, ValidationError):
            told = [f"{_where(e['loc'])} : {e['msg']}" for e in wrong.errors()]
            raise Invalid({"file": "unusable"}, problems=told) from None
        raise Invalid({"file": "unreadable"}, problems=[f"{path} : {wrong}"]) from None


def _where(location: tuple[int | str, ...]) -> str:
    """`rule 12, unit`: entries counted from 1, as a person counts them."""
    return ", ".join(str(part + 1) if isinstance(part, int) else part for part in location)


def spread_rules(read: RuleFile, unit_ids: Mapping[str, int]) -> list[Rule]:
    """The rules of the file, one per commune, category… of each entry, numbered in its order.

    Raises:
        Invalid: `problems` names every unknown group and every unknown unit.
    """
    problems: list[str] = []
    rules: list[Rule] = []
    for number, entry in enumerate(read.rule, start=1):
        for values in _each(entry, read.groups, number, problems):
            unit_id, code = None, (entry.unit or "").replace("{insee}", values.get("insee") or "")
            if code and (unit_id := unit_ids.get(code)) is None:
                problems.append(f"règle {number} : le service « {code} » n’existe pas")
            rules.append(_rule(entry, values, unit_id, len(rules) + 1))
    if problems:
        raise Invalid({"file": "unusable"}, problems=problems)
    return rules


def _each(
    entry: RuleEntry, groups: Mapping[str, tuple[str, ...]], number: int, problems: list[str]
) -> Iterator[dict[str, str | None]]:
    spread: list[list[str | None]] = []
    for field in _SPREAD:
        values: list[str | None] = []
        for value in getattr(entry, field):
            if value.startswith("@") and value[1:] not in groups:
                problems.append(f"règle {number} : le groupe « {value} » n’est pas défini dans [groups]")
            values += groups.get(value[1:], ()) if value.startswith("@") else [value]
        spread.append(values or [None])
    for combination in product(*spread):
        yield dict(zip(_SPREAD, combination, strict=True))


def _rule(entry: RuleEntry, values: Mapping[str, str | None], unit_id: int | None, position: int) -> Rule:
    given: dict[str, Any] = entry.model_dump(exclude={*_SPREAD, "unit"})
    given |= {_COLUMN.get(field, field): value for field, value in values.items()}
    return Rule(id=0, position=position, unit_id=unit_id, **given)
