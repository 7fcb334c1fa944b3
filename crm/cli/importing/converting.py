"""One row of their file → one case of ours, or every reason why not."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping as Reading
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm.cases import CaseState, Place
from crm.catalogue import PastCategory
from crm.cli.importing.mapping import Mapping, Standing
from crm.cli.importing.moments import Moments, Unreadable
from crm.deadlines import Calendar
from crm.foundation import clean
from crm.intake import PastCase

_LONGEST_OBJECT = 20_000
_LONGEST_LABEL = 300


class RowRefused(Exception):
    """`args` are the reasons, in French."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds that rows may name."""

    communes: frozenset[str]
    calendar: Calendar


class Converter:
    """Remembers the rows it saw: the same identifier twice is refused, equal lines are told apart."""

    def __init__(self, mapping: Mapping, known: Known, now: datetime) -> None:
        self._mapping = mapping
        self._known = known
        self._moments = Moments(mapping.received, ZoneInfo(mapping.time_zone), now)
        self._told = mapping.needed()
        self._lines: dict[str, int] = {}
        self._equals: Counter[str] = Counter()
        self._due = lru_cache(maxsize=5000)(self._reckon)

    def convert(self, line: int, row: Reading[str, str]) -> PastCase:
        """
        Raises:
            RowRefused: names all that is wrong with the row.
        """
        wrong: list[str] = []
        key = self._key(line, row, wrong)
        received_at = self._received(row, key, wrong)
        place = self._place(row, wrong)
        channels = self._channels(row, wrong)
        standing = self._standing(row, wrong)
        kind = self._kind(row, wrong)
        category = self._category(row, wrong)
        said = clean(row[self._mapping.columns.object])[:_LONGEST_OBJECT]
        if not said:
            wrong.append(f"« {self._mapping.columns.object} » est vide")
        if wrong or received_at is None or standing is None or category is None:
            raise RowRefused(*wrong)
        return PastCase(
            key=key,
            received_at=received_at,
            object=said,
            channels=channels,
            category=category,
            unit=self._unit(row, standing),
            state=standing.state,
            due_at=self._due(received_at),
            outcome=standing.outcome,
            no_answer_reason=standing.no_answer_reason,
            kind=kind,
            place=place,
        )

    def _key(self, line: int, row: Reading[str, str], wrong: list[str]) -> str:
        """`import:<source>:<identifier>`; without one, what the row says and how often it was said."""
        mapping = self._mapping
        if not mapping.columns.id:
            said = "\x1f".join(row[name] for name in self._told)
            digest = hashlib.sha256(said.encode()).hexdigest()[:24]
            self._equals[digest] += 1
            return f"import:{mapping.source}:{digest}:{self._equals[digest]}"
        given = clean(row[mapping.columns.id])
        if not given:
            wrong.append(f"« {mapping.columns.id} » est vide")
        elif (first := self._lines.setdefault(given, line)) != line:
            wrong.append(f"même identifiant que la ligne {first}")
        return f"import:{mapping.source}:{given}"

    def _received(self, row: Reading[str, str], key: str, wrong: list[str]) -> datetime | None:
        try:
            return self._moments.received_at(row, key)
        except Unreadable as reason:
            wrong.append(str(reason))
            return None

    def _place(self, row: Reading[str, str], wrong: list[str]) -> Place:
        columns = self._mapping.columns
        lon, lat = self._point(row, wrong)
        insee = _cell(row, columns.insee) or None
        if insee is not None and insee not in self._known.communes:
            wrong.append(f"commune inconnue « {insee} »")
        label = _cell(row, columns.address)[:_LONGEST_LABEL]
        sector = _cell(row, columns.sector)
        return Place(
            label=label,
            precision="exact" if lon is not None else "street" if label else "none",
            insee=insee,
            sector_code=f"{self._mapping.category.prefix}-{sector}" if sector else None,
            postcode=_cell(row, columns.postcode) or None,
            lon=lon,
            lat=lat,
        )

    def _point(self, row: Reading[str, str], wrong: list[str]) -> tuple[float | None, float | None]:
        columns = self._mapping.columns
        typed = [_cell(row, name) for name in (columns.lon, columns.lat)]
        if not any(typed):
            return None, None
        try:
            lon, lat = (float(text.replace(",", ".")) for text in typed)
        except ValueError:
            wrong.append(f"coordonnées illisibles « {typed[0]} », « {typed[1]} »")
            return None, None
        box = self._mapping.box
        if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (box and not box.holds(lon, lat)):
            wrong.append(f"coordonnées hors du territoire ({lon:g}, {lat:g})")
        return lon, lat

    def _channels(self, row: Reading[str, str], wrong: list[str]) -> tuple[str, ...]:
        given = self._mapping.channel
        cell = _cell(row, given.column)
        words = [word.strip() for word in cell.split(given.separator)] if given.separator else [cell]
        codes = [given.words.get(word, "") if word else given.default for word in words]
        if unknown := [word for word, code in zip(words, codes, strict=True) if not code]:
            wrong.append(f"canal inconnu « {', '.join(unknown)} »")
        return tuple(codes)

    def _standing(self, row: Reading[str, str], wrong: list[str]) -> Standing | None:
        given = self._mapping.state
        word = _cell(row, given.column)
        standing = given.words.get(word) if word else given.default
        if standing is None:
            wrong.append(f"statut inconnu « {word} »")
        return standing

    def _kind(self, row: Reading[str, str], wrong: list[str]) -> str:
        given = self._mapping.kind
        word = _cell(row, given.column)
        if not word:
            return given.default
        if word not in given.words:
            wrong.append(f"nature inconnue « {word} »")
        return given.words.get(word, given.default)

    def _category(self, row: Reading[str, str], wrong: list[str]) -> PastCategory | str | None:
        given = self._mapping.category
        label = " ".join(_cell(row, given.label).split())[:_LONGEST_LABEL]
        domain = given.domain_label or " ".join(_cell(row, given.domain).split())[:_LONGEST_LABEL]
        if not label or not domain:
            wrong.append("catégorie vide")
            return None
        return given.same_as.get(label) or _category_of(given.prefix, domain, label, given.delay_days)

    def _unit(self, row: Reading[str, str], standing: Standing) -> tuple[str, str] | None:
        if standing.state is CaseState.REGISTERED:
            return None
        given = self._mapping.unit
        name = " ".join(_cell(row, given.column).split())[:_LONGEST_LABEL] or given.default
        return (f"{given.organization}-{_short(name, 8)}", name) if name else None

    def _reckon(self, received_at: datetime) -> datetime:
        days = self._mapping.category.delay_days
        return self._known.calendar.due_at(received_at, days, "working_day", 3)


@lru_cache(maxsize=5000)
def _category_of(prefix: str, domain: str, label: str, delay_days: int) -> PastCategory:
    """Codes come from the words themselves, whatever the order of the rows."""
    domain_code = f"{prefix}-{_short(domain, 4).upper()}"
    code = f"{domain_code}-{_short(label, 6).upper()}"
    return PastCategory(code, label, domain_code, domain, delay_days)


@lru_cache(maxsize=5000)
def _short(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _cell(row: Reading[str, str], name: str) -> str:
    return _clean(row[name]) if name else ""


@lru_cache(maxsize=20_000)
def _clean(cell: str) -> str:
    """Most words of a file come back thousands of times."""
    return clean(cell)
