"""Filters and order of a list, as they stand in its address: `?service=voirie&etat=assigned&tri=recue`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from crm.cases import ENDED, SORTS, WHOLE, CaseLine, CaseState, ListFilters, Passed, passed_by
from crm.foundation import PARIS
from crm.http import moment_of, number_of, numbers_in, wiring
from crm.http.wording import FAMILIES
from crm.web.explaining import commune_names

USUAL_SORT = SORTS[0]
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters that an address asks for: those that mean something.

    Args:
        given: parameter → value, in the order in which the address of this list is written.
    """

    view: str
    given: Mapping[str, str]
    filters: ListFilters

    @property
    def query(self) -> str:
        return urlencode(self.given)

    def address(self, **changed: str) -> str:
        """This list with other parameters; an empty one goes."""
        kept: dict[str, Any] = {name: value for name, value in {**self.given, **changed}.items() if value}
        return url_for("queues.show", view=self.view, **kept)

    def export(self, form: str) -> str:
        given: dict[str, Any] = {**self.given}
        return url_for("queues.export", view=self.view, form=form, **given)


def asked_of(view: str, typed: Mapping[str, str]) -> Asked:
    """What the address means: whatever is empty, unknown or usual is left out."""
    given = {key: kept for key, keep in _KEEP.items() if (kept := keep(typed.get(key, "").strip(), view))}
    if given.get("etat") in ENDED:
        given.pop("tri", None)  # what has ended stands in one order
    return Asked(view, given, _filters(given) if given else ListFilters())


def _among(known: Callable[[str], Collection[str]]) -> Callable[[str, str], str]:
    return lambda value, view: value if value and value in known(view) else ""


def _states(view: str) -> set[str]:
    return {str(state) for state in CaseState if view == WHOLE or state not in ENDED}


def _units(_view: str) -> set[str]:
    return {card.code for card in wiring().rulebooks.units().values()}


def _categories(_view: str) -> set[str]:
    catalogue, _index = wiring().rulebooks.categories()
    return {*catalogue.categories, *(domain.code for domain in catalogue.domains)}


def _day_typed(value: str, _view: str) -> str:
    return value if _day(value) else ""


_KEEP: Mapping[str, Callable[[str, str], str]] = {
    "etat": _among(_states),
    "service": _among(_units),
    "categorie": _among(_categories),
    "commune": _among(lambda _view: commune_names()),
    "canal": _among(lambda _view: FAMILIES()["channel"]),
    "priorite": _among(lambda _view: ("1", "2", "3", "4")),
    "du": _day_typed,
    "au": _day_typed,
    "retard": _among(lambda _view: ("1",)),
    "texte": lambda value, _view: value[:_LONGEST],
    "tri": _among(lambda _view: SORTS[1:]),
}
NAMES = tuple(_KEEP)


def _filters(given: Mapping[str, str]) -> ListFilters:
    units = {card.code: card.id for card in wiring().rulebooks.units().values()}
    since, until = _day(given.get("du", "")), _day(given.get("au", ""))
    return ListFilters(
        state=CaseState(given["etat"]) if "etat" in given else None,
        unit_id=units.get(given.get("service", "")),
        category=given.get("categorie", ""),
        insee=given.get("commune", ""),
        channel=given.get("canal", ""),
        priority=int(given["priorite"]) if "priorite" in given else None,
        received_from=_midnight(since) if since else None,
        received_until=_midnight(until + timedelta(days=1)) if until else None,
        is_late="retard" in given,
        text=given.get("texte", ""),
        sort=given.get("tri", USUAL_SORT),
    )


def _day(value: str) -> date | None:
    with suppress(ValueError):
        day = date.fromisoformat(value)
        return day if 2000 <= day.year < 2100 else None
    return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=PARIS)


def cursor_of(line: CaseLine, filters: ListFilters) -> str:
    """Where a page ends, for the address of the next: whole numbers, moments in microseconds."""
    return "-".join(str(_number(value)) for value in passed_by(line, filters))


def passed_in(cursor: str, filters: ListFilters) -> Passed | None:
    """What `cursor_of` wrote; anything else is the first page."""
    numbers = numbers_in(cursor)
    if filters.order == "priorite":
        return (numbers[0], moment_of(numbers[1]), numbers[2]) if len(numbers) == 3 else None
    return (moment_of(numbers[0]), numbers[1]) if len(numbers) == 2 else None


def _number(value: datetime | int) -> int:
    return value if isinstance(value, int) else number_of(value)
