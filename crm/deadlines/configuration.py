"""Read a calendar as it is written down: config/calendar.toml, or a version kept of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from crm.deadlines.calendar import Calendar, CalendarError, Interval
from crm.deadlines.closures import Closure, Repeats

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(name: object) -> int:
    if name not in WEEKDAYS:
        raise ValueError(f"jour inconnu « {name} » ; écrire {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(str(name))


def _hour(text: object) -> time:
    try:
        hour = time.fromisoformat(str(text))
    except ValueError:
        hour = None
    if hour is None or hour.tzinfo is not None:  # « 12:00-14:00 » reads as noon, fourteen hours behind
        raise ValueError(f"heure illisible « {text} » ; écrire par exemple 08:30")
    return hour


def _interval(text: object) -> Interval:
    opens, dash, closes = str(text).partition("-")
    if not dash:
        raise ValueError(f"plage illisible « {text} » ; écrire par exemple 08:30-12:30")
    return _hour(opens.strip()), _hour(closes.strip())


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"fuseau horaire inconnu « {name} »") from None
    return name


_Weekday = Annotated[int, BeforeValidator(_weekday)]
_Hour = Annotated[time, BeforeValidator(_hour)]
_Interval = Annotated[Interval, BeforeValidator(_interval)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Closure(_Section):
    on: date
    until: date | None = None
    repeats: Repeats = "once"
    label: str = ""

    @property
    def is_plain(self) -> bool:
        return self.repeats == "once" and self.until is None

    def made(self) -> Closure:
        return Closure(on=self.on, until=self.until, repeats=self.repeats, label=self.label)


class _CalendarFile(_Section):
    time_zone: Annotated[str, AfterValidator(_zone)] = "Europe/Paris"
    working_days: frozenset[_Weekday]
    cut_off: _Hour = time(17)
    end_of_service: _Hour = time(18)
    urgent_hours: int = Field(default=4, ge=1)
    alsace_moselle: bool = False
    worked_holidays: frozenset[date] = frozenset()
    service_hours: dict[_Weekday, tuple[_Interval, ...]] = {}
    opening_hours: dict[_Weekday, tuple[_Interval, ...]] = {}
    closure: tuple[_Closure, ...] = ()


def written_calendar(path: Path) -> dict[str, Any]:
    """What a calendar file says, as it stands.

    Raises:
        CalendarError: there is none, or it is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CalendarError([f"le fichier {path} n’existe pas"]) from None
    except tomllib.TOMLDecodeError as wrong:
        raise CalendarError([f"{path} n’est pas un fichier TOML valide : {wrong}"]) from None


def load_calendar(path: Path) -> Calendar:
    """Read a calendar file.

    Raises:
        CalendarError: names every wrong and every missing value at once.
    """
    return read_calendar(written_calendar(path), path.name)


def read_calendar(written: Mapping[str, Any], where: str = "") -> Calendar:
    """
    Args:
        where: what the refusal says was read.

    Raises:
        CalendarError: names every wrong and every missing value at once.
    """
    try:
        read = _CalendarFile.model_validate(written)
    except ValidationError as wrong:
        told = [f"{where}, {'.'.join(map(str, e['loc']))} : {e['msg']}" for e in wrong.errors()]
        raise CalendarError([line.removeprefix(", ") for line in told]) from None
    return Calendar(
        time_zone=ZoneInfo(read.time_zone),
        working_weekdays=read.working_days,
        cut_off=read.cut_off,
        end_of_service=read.end_of_service,
        urgent_hours=read.urgent_hours,
        alsace_moselle=read.alsace_moselle,
        service=read.service_hours,
        opening=read.opening_hours,
        closures=frozenset(closure.on for closure in read.closure if closure.is_plain),
        recurring=tuple(closure.made() for closure in read.closure if not closure.is_plain),
        worked_holidays=read.worked_holidays,
    )


def closure_of(written: Mapping[str, Any]) -> Closure:
    """One closure of a calendar as it is written down, that was read before."""
    return _Closure.model_validate(written).made()
