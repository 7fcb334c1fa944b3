"""Pairs that may be one person, found by the points they have in common: never all against all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.contacts.likeness import LEAST, likeness
from crm.contacts.models import ContactPoint, DistinctContacts
from crm.contacts.queries import ContactCard, contact_cards

_CROWD = 6  # who has a point with five others has it by chance: a switchboard nobody named yet
_POINTS_AT_ONCE = 200
_THOSE_AT = sa.text(
    """
    SELECT p.id AS point_id, those.contact_id
    FROM unnest(CAST(:points AS bigint[])) AS p(id)
    CROSS JOIN LATERAL (
      SELECT l.contact_id FROM contact_links l JOIN contacts c ON c.id = l.contact_id
      WHERE l.point_id = p.id AND c.merged_into_id IS NULL ORDER BY l.contact_id LIMIT :crowd
    ) AS those
    """
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two contacts, the older one first: it is the one that would stay."""

    one: ContactCard
    other: ContactCard
    score: int
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuggestionPage:
    """`after` is what to ask for the next page with; None at the end."""

    items: tuple[Suggestion, ...]
    after: int | None


def suggestions_for(session: Session, card: ContactCard, limit: int = 5) -> list[Suggestion]:
    """Who may be the same as this one, the likeliest first. Nothing is asked for whoever shares nothing."""
    me = card.id
    at = _those_at(session, [point.id for point in card.points if point.is_shared and not point.shared_as])
    pairs = {(min(me, who), max(me, who)) for people in at.values() for who in people if who != me}
    return _judged(session, pairs, at)[:limit]


def suggestions_page(session: Session, *, after: int | None = None) -> SuggestionPage:
    """The next two hundred shared points, latest first, and the pairs they suggest, likeliest first."""
    wanted = sa.select(ContactPoint.id).where(ContactPoint.is_shared, ContactPoint.shared_as == "")
    if after is not None:
        wanted = wanted.where(ContactPoint.id < after)
    points = session.scalars(wanted.order_by(ContactPoint.id.desc()).limit(_POINTS_AT_ONCE)).all()
    at = _those_at(session, points)
    pairs = {pair for people in at.values() for pair in combinations(people, 2)}
    found = _judged(session, pairs, at)
    here = [one for one in found if _latest_common(one) in at]  # else another page has it
    return SuggestionPage(tuple(here), points[-1] if len(points) == _POINTS_AT_ONCE else None)


def _latest_common(found: Suggestion) -> int:
    theirs = {point.id for point in found.other.points}
    return max(p.id for p in found.one.points if p.id in theirs and not p.shared_as)


def _those_at(session: Session, points: Collection[int]) -> Mapping[int, list[int]]:
    """Point → the contacts that have it, but for those that a crowd has."""
    if not points:
        return {}
    people: dict[int, list[int]] = defaultdict(list)
    for row in session.execute(_THOSE_AT, {"points": list(points), "crowd": _CROWD}):
        people[row.point_id].append(row.contact_id)
    return {point: those for point, those in people.items() if len(those) < _CROWD}


def _judged(
    session: Session, pairs: set[tuple[int, int]], at: Mapping[int, Collection[int]]
) -> list[Suggestion]:
    if not pairs:
        return []
    ids = {contact_id for pair in pairs for contact_id in pair}
    cards = contact_cards(session, sorted(ids))
    crowded = _crowded(session, cards.values(), at)
    found = [
        Suggestion(cards[one], cards[other], like.score, like.signs)
        for one, other in sorted(pairs - _told_apart(session, ids))
        if (like := likeness(cards[one], cards[other], crowded)).score >= LEAST
    ]
    return sorted(found, key=lambda each: -each.score)


def _crowded(session: Session, cards: Iterable[ContactCard], at: Mapping[int, object]) -> set[int]:
    """Of the other points they have, those that a crowd has too."""
    further = {p.id for card in cards for p in card.points if p.is_shared and not p.shared_as} - at.keys()
    return further - _those_at(session, further).keys()


def _told_apart(session: Session, ids: Collection[int]) -> set[tuple[int, int]]:
    kept = sa.select(DistinctContacts.one_id, DistinctContacts.other_id)
    both = kept.where(DistinctContacts.one_id.in_(ids), DistinctContacts.other_id.in_(ids))
    return {(row.one_id, row.other_id) for row in session.execute(both)}
