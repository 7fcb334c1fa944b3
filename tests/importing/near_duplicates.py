"""A year of Paris lived again, demand after demand: what would have been proposed each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Case, Near, Place, nearby, sought
from crm.cases.together.grid import cell_of, metres
from crm.catalogue import Catalogue, catalogue
from crm.foundation import SYSTEM

SAME_METRES, SAME_DAYS = 30.0, timedelta(days=7)
OPEN_FOR = timedelta(days=10)  # the file does not say when each ended


@dataclass(frozen=True)
class Told:
    """One demand of the file."""

    id: int
    code: str
    said: str
    at: datetime
    lon: float
    lat: float

    def is_same(self, other: Told) -> bool:
        """The near-duplicate pairs of the file: the same sub-type, 30 m, 7 days."""
        near = abs(self.lat - other.lat) < 0.001 and self.at - other.at <= SAME_DAYS
        return near and metres(self.lon, self.lat, other.lon, other.lat) <= SAME_METRES


@dataclass
class Figures:
    """What was found of the pairs, and what else was shown with them."""

    demands: int = 0
    with_a_pair: int = 0
    pairs: int = 0
    found: int = 0  # pairs proposed within five
    first: int = 0  # demands with a pair whose first proposal is one
    any_found: int = 0
    shown_with_pairs: int = 0
    panels: int = 0  # demands without a pair to which something was shown
    shown_without: int = 0
    unrelated: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        yield f"{self.demands} demands, {self.with_a_pair} with an earlier near-duplicate, {self.pairs} pairs"
        yield f"pairs proposed within five: {self.found} ({self.found / self.pairs:.1%})"
        yield f"demands whose pair is proposed: {self.any_found} ({self.any_found / self.with_a_pair:.1%})"
        yield f"… and comes first: {self.first} ({self.first / self.with_a_pair:.1%})"
        unrelated = self.shown_with_pairs - self.found
        yield f"unrelated shown with them: {unrelated} ({unrelated / self.with_a_pair:.2f} a demand)"
        yield f"precision there: {self.found / self.shown_with_pairs:.1%}"
        yield f"why unrelated: {dict(self.unrelated)}"
        alone = self.demands - self.with_a_pair
        yield f"demands without a pair: {alone}, shown something: {self.panels} ({self.panels / alone:.1%})"
        yield f"proposals to those: {self.shown_without} ({self.shown_without / alone:.2f} a demand)"


def live_again(session: Session, *, faster: int = 1) -> Figures:
    """Each demand looks at those before it, then takes its place among them.

    Args:
        faster: so many times, as a city whose every demand we would have: the file is a sample of one.
    """
    session.execute(sa.text("UPDATE categories SET place = 'exact', map_display = 'point'"))
    first = "(SELECT min(received_at) FROM cases)"
    quicker = f"UPDATE cases SET received_at = {first} + (received_at - {first}) / :faster"
    session.execute(sa.text(quicker), {"faster": faster})
    session.execute(sa.update(Case).values(cell=None, closed_at=Case.received_at + OPEN_FOR))
    book, figures, before = catalogue(session), Figures(), list[Told]()
    for one in _in_order(session):
        mates = {other.id for other in _lately(before, one) if other.code == one.code and one.is_same(other)}
        _count(figures, one, mates, _shown(session, book, one), {other.id: other for other in before[-2000:]})
        session.execute(sa.update(Case).where(Case.id == one.id).values(cell=cell_of(one.lon, one.lat)))
        before.append(one)
    return figures


def _in_order(session: Session) -> list[Told]:
    rows = session.execute(
        sa.select(Case.id, Case.category_code, Case.object, Case.received_at, Case.lon, Case.lat)
        .where(Case.lon.is_not(None), Case.category_code.is_not(None))
        .order_by(Case.received_at, Case.id)
    )
    return [Told(*row) for row in rows]


def _lately(before: list[Told], one: Told) -> Iterator[Told]:
    for other in reversed(before):
        if one.at - other.at > SAME_DAYS:
            return
        yield other


def _shown(session: Session, book: Catalogue, one: Told) -> list[Near]:
    place = Place(precision="exact", lon=one.lon, lat=one.lat)
    wanted = sought(book, one.code, one.said, place, but=one.id)
    return nearby(session, book, SYSTEM, wanted, one.at) if wanted else []


def _count(figures: Figures, one: Told, mates: set[int], shown: list[Near], known: dict[int, Told]) -> None:
    figures.demands += 1
    if not mates:
        figures.panels += bool(shown)
        figures.shown_without += len(shown)
        return
    figures.with_a_pair += 1
    figures.pairs += len(mates)
    hits = [near for near in shown if near.id in mates]
    figures.found += len(hits)
    figures.any_found += bool(hits)
    figures.first += bool(shown) and shown[0].id in mates
    figures.shown_with_pairs += len(shown)
    for near in shown:
        if near.id not in mates:
            other = known.get(near.id)
            figures.unrelated[_why(one, near, other)] += 1


def _why(one: Told, near: Near, other: Told | None) -> str:
    if near.category_code != one.code:
        return "another sub-type"
    if near.metres is not None and near.metres > SAME_METRES:
        return "beyond 30 m"
    return "older than 7 days"
