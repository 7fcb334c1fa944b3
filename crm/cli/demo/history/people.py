"""Invented residents: names of syllables, numbers of the ranges kept for fiction, mail to example.org."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from random import Random

from crm.cli.demo.history.places import Door
from crm.cli.demo.history.words import words
from crm.contacts import names
from crm.foundation import fold
from crm.intake.bulk import Row

CONTACT_COLUMNS = (
    "id", "kind", "family_name", "first_name", "organization_name", "name_folded", "search",
    "preferred_channel", "language", "created_at",
)  # fmt: skip
POINT_COLUMNS = ("id", "kind", "value", "is_shared")
LINK_COLUMNS = ("contact_id", "point_id", "raw")
# The mobile and land lines that ARCEP keeps for fiction (ten thousand each).
_FICTION = ("63998", "19900", "26191", "35301", "46571", "53649")
_BEYOND = "70"  # and, when those run out, a mobile range that no operator was given with ten digits


@dataclass(frozen=True, slots=True)
class Person:
    """`channels`: how they can be answered, the way they like first; empty for whoever left nothing."""

    id: int
    title: str
    home: Door
    phone: str
    email: str
    channels: tuple[str, ...]
    known_since: datetime

    def reached_by(self, channel: str) -> str:
        if channel == "email":
            return self.email
        return "\n".join((self.title, *self.home.lines)) if channel == "letter" else self.phone


@dataclass(frozen=True, slots=True)
class Kept:
    """A person and the rows that keep them; `contact` lacks the moment since when they are known."""

    person: Person
    contact: Row
    points: list[Row]
    links: list[Row]


def phone_number(at: int) -> str:
    """The at-th number, E.164: all different."""
    series, rank = divmod(at, 10_000)
    if series < len(_FICTION):
        return f"+33{_FICTION[series]}{rank:04d}"
    return f"+33{_BEYOND}{at % 10_000_000:07d}"


class Town:
    """Peoples a town. Of one home, the first person alone leaves the address: a point belongs to one value.

    Args:
        from_rank: tells the numbers and mail addresses of several processes apart.
        leaves_address: False where several processes people the same doors.
    """

    def __init__(
        self,
        doors: list[Door],
        point_ids: Iterator[int],
        *,
        from_rank: int = 0,
        leaves_address: bool = True,
    ) -> None:
        self._doors = doors
        self._point_ids = point_ids
        self._rank = from_rank
        self._leaves_address = leaves_address
        self._lived_in: set[int | None] = set()

    def person(self, chance: Random, contact_id: int, known_since: datetime) -> Kept:
        home, rank = chance.choice(self._doors), self._rank
        self._rank += 1
        first, family, organization = _named(chance)
        phone = phone_number(rank) if chance.random() < 0.82 else ""
        email = _mail(first, family, organization, rank) if chance.random() < 0.66 or not phone else ""
        postal = "\n".join(home.lines) if chance.random() < 0.45 and self._is_free(home) else ""
        kind = "organization" if organization else "person"
        title = names.display_name(kind, first, family, organization)
        ways = _ways(chance, phone, email, postal)
        points = [*self._points(phone, email, postal)]
        return Kept(
            Person(contact_id, title, home, phone, email, ways, known_since),
            (
                contact_id, kind, family, first, organization,
                names.folded((first, family, organization)), _search(first, family, organization),
                ways[0] if chance.random() < 0.4 else "", "fr",
            ),
            [(point_id, kind_, value, False) for point_id, kind_, value, _raw in points],
            [(contact_id, point_id, raw) for point_id, _kind, _value, raw in points],
        )  # fmt: skip

    def _is_free(self, home: Door) -> bool:
        known = home.place.address_id in self._lived_in
        self._lived_in.add(home.place.address_id)
        return self._leaves_address and not known

    def _points(self, phone: str, email: str, postal: str) -> Iterator[tuple[int, str, str, str]]:
        for kind, value, raw in (
            ("phone", phone, _typed(phone)), ("email", email, email), ("postal", fold(postal), postal),
        ):  # fmt: skip
            if value:
                yield next(self._point_ids), kind, value, raw


def _typed(phone: str) -> str:
    """`+33639981234` → `06 39 98 12 34`"""
    digits = "0" + phone[3:]
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def _named(chance: Random) -> tuple[str, str, str]:
    said, drawn = words(), chance.random()
    if drawn < 0.003:
        first, family = chance.choice(said["arabic_names"])
        return first, family, ""
    if drawn < 0.03:
        return "", "", f"{chance.choice(said['organizations'])} {chance.randrange(1, 40)}"
    if drawn < 0.10:
        return chance.choice(said["first_names"]), chance.choice(said["family_names"]), ""
    family = chance.choice(said["family_beginnings"]) + chance.choice(said["family_endings"])
    if drawn < 0.15:
        family += "-" + chance.choice(said["family_beginnings"]) + chance.choice(said["family_endings"])
    return chance.choice(said["first_names"]), family, ""


def _mail(first: str, family: str, organization: str, rank: int) -> str:
    name = ".".join(word for part in (first, family or organization) for word in fold(part).split())
    plain = name if name.isascii() else "contact"
    return f"{plain or 'contact'}.{rank}@example.org"


def _ways(chance: Random, phone: str, email: str, postal: str) -> tuple[str, ...]:
    ways = [way for way, there in (("email", email), ("phone", phone), ("letter", postal)) if there]
    if len(ways) > 1 and chance.random() < 0.3:
        ways.reverse()
    return tuple(ways)


@lru_cache(maxsize=50_000)
def _search(first: str, family: str, organization: str) -> str:
    """The lexemes as PostgreSQL reads a tsvector: folded words hold no quote."""
    return " ".join(f"'{lexeme}'" for lexeme in names.lexemes(first, family, organization))
