"""The streets of a commune in the order of a directory, for whoever chooses from a list rather than types."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import fold
from crm.territory.models import Street

# « rue des Lilas » is sought at L, « allée de l’Abbé-Grégoire » at A.
_SMALL = frozenset(["de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "aux", "et", "en", "sur"])


@dataclass(frozen=True, slots=True)
class StreetLine:
    """`sought_at` is the word that one looks for, folded; never empty."""

    id: int
    name: str
    sought_at: str

    @property
    def initial(self) -> str:
        return self.sought_at[:1].upper()


def streets_of(session: Session, insee: str) -> list[StreetLine]:
    rows = session.execute(sa.select(Street.id, Street.name).where(Street.insee == insee))
    lines = [StreetLine(row.id, row.name, _sought_at(row.name)) for row in rows]
    return sorted(lines, key=lambda line: (line.sought_at, fold(line.name)))


def _sought_at(name: str) -> str:
    """All but the kind of street and the small words; the whole name when nothing is left."""
    words = fold(name).split()
    told = [word for word in words[1:] if word not in _SMALL]
    return " ".join(told) or " ".join(words) or "?"
