"""Who is calling? Candidates are listed, none is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from rapidfuzz import fuzz
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm.contacts import names
from crm.contacts.models import Contact, ContactLink, ContactPoint
from crm.contacts.phone import digits_of, normalise_phone
from crm.contacts.queries import ContactCard, contact_cards, place_of
from crm.foundation import clean, fold

_FEWEST_DIGITS = 4
_POOL = 60  # matches looked at before the best are kept: bounds the work on common names
_LEAST_LIKENESS = 62
_ADDRESS = re.compile(r"\d{1,4}\s*(?:bis|ter|quater)?[\s,]+[^\W\d]{2}", re.IGNORECASE)  # « 12 bis rue »
_LAST_CHARACTER = "\U0010ffff"

Match = Literal["phone", "email", "name", "postal"]
Certainty = Literal["sure", "likely", "maybe"]


@dataclass(frozen=True, slots=True)
class ContactHit:
    """A candidate: what matched, and how far it may be believed.

    `sure` is a whole number or e-mail that only one contact has; even then a person decides.
    """

    id: int
    display_name: str
    phone: str
    email: str
    postcode: str
    commune: str
    match: Match
    certainty: Certainty
    shared: str = ""  # family, switchboard, or shared: others are reached there too


def search_contacts(session: Session, text: str, limit: int = 8) -> list[ContactHit]:
    """Candidates for a number (whole, or its 4 last digits or more), a name, the beginning of an e-mail or of
    a postal address.
    """
    typed = clean(text[:200])
    if _is_number(typed):
        return _by_phone(session, typed, limit)
    if "@" in typed:
        return _by_email(session, typed, limit)
    if _ADDRESS.match(typed):
        return _by_address(session, typed, limit)
    return _by_name(session, typed, limit)


def _is_number(typed: str) -> bool:
    digits = len(digits_of(typed))
    return digits >= _FEWEST_DIGITS and digits * 2 >= len(typed.replace(" ", ""))


def _by_phone(session: Session, typed: str, limit: int) -> list[ContactHit]:
    whole = normalise_phone(typed)
    hits = _at_points(session, [ContactPoint.value == whole.value], "phone", limit)
    if hits:
        return _hits(session, hits, "phone", "sure")
    digits = digits_of(typed)
    parts = [_begins(ContactPoint.reversed, digits[::-1])]
    if digits.startswith("0") and len(digits) > _FEWEST_DIGITS:
        parts.append(_begins(ContactPoint.value, f"+33{digits[1:]}"))
    return _hits(session, _at_points(session, parts, "phone", limit), "phone", "maybe")


def _by_email(session: Session, typed: str, limit: int) -> list[ContactHit]:
    email = typed.lower()
    hits = _at_points(session, [ContactPoint.value == email], "email", limit)
    if hits:
        return _hits(session, hits, "email", "sure")
    begun = [_begins(ContactPoint.value, email)]
    return _hits(session, _at_points(session, begun, "email", limit), "email", "maybe")


def _by_address(session: Session, typed: str, limit: int) -> list[ContactHit]:
    begun = [_begins(ContactPoint.value, fold(typed))]
    return _hits(session, _at_points(session, begun, "postal", limit), "postal", "maybe")


def _at_points(
    session: Session, conditions: list[sa.ColumnElement[bool]], kind: str, limit: int
) -> list[int]:
    """Ids of the contacts reached at the points that meet one of the conditions, latest contacts first."""
    found: set[int] = set()
    for condition in conditions:  # one index each: an OR would read neither well
        points = sa.select(ContactPoint.id).where(ContactPoint.kind == kind, condition).limit(_POOL)
        links = sa.select(ContactLink.contact_id).join(Contact, Contact.id == ContactLink.contact_id)
        links = links.where(ContactLink.point_id.in_(points), Contact.merged_into_id.is_(None))
        found.update(session.scalars(links.order_by(ContactLink.contact_id.desc()).limit(limit)))
    return sorted(found, reverse=True)[:limit]


def _by_name(session: Session, typed: str, limit: int) -> list[ContactHit]:
    spoken = names.words(typed)
    if not spoken:
        return []
    wanted = " ".join(spoken)
    near = _best(_named(session, [names.exact_query(spoken), names.beginning_query(spoken)]), wanted, limit)
    hits = _hits(session, near, "name", "likely")
    if len(hits) < limit and len(wanted) > 1:
        heard = _named(session, [names.slips_query(spoken), names.sounds_query(spoken)])
        further = {found: name for found, name in heard.items() if found not in near}
        rest = _best(further, wanted, limit - len(hits), _LEAST_LIKENESS)
        hits += _hits(session, rest, "name", "maybe")
    return hits


def _named(session: Session, queries: Iterable[str]) -> dict[int, str]:
    """Some contacts that each query finds, by id, with their folded name. One statement.

    Materialized: with a LIMIT in sight the planner would read the table in the hope of an early match.
    """
    search = sa.type_coerce(Contact.search, sa.Text())
    found = [
        sa.select(Contact.id, Contact.name_folded)
        .where(search.op("@@")(sa.cast(query, postgresql.TSQUERY)), Contact.merged_into_id.is_(None))
        .cte(f"found_{number}")
        .prefix_with("MATERIALIZED")
        for number, query in enumerate(queries)
    ]
    pools = [sa.select(sa.select(cte).limit(_POOL).subquery()) for cte in found]
    return {row.id: row.name_folded for row in session.execute(sa.union_all(*pools))}


def _best(found: dict[int, str], wanted: str, limit: int, least: float = 0) -> list[int]:
    likeness = {key: _likeness(wanted, name) for key, name in found.items()}
    ranked = sorted(found, key=lambda key: (-likeness[key], found[key], key))
    return [key for key in ranked if likeness[key] >= least][:limit]


def _likeness(wanted: str, name: str) -> float:
    """0 to 100, whatever the order of the words; a name said alone is judged against each word."""
    short = name[:200]
    alone = max((fuzz.ratio(wanted, word) for word in short.split()), default=0.0)
    return max(fuzz.token_sort_ratio(wanted, short), alone * 0.95)


def _hits(session: Session, found: list[int], match: Match, certainty: Certainty) -> list[ContactHit]:
    """Lines for those contacts, in that order. Several for one number: nobody is sure any more."""
    if not found:
        return []
    cards = contact_cards(session, found)
    believed: Certainty = "likely" if certainty == "sure" and len(found) > 1 else certainty
    return [_hit(cards[key], match, believed) for key in found if key in cards]


def _hit(card: ContactCard, match: Match, certainty: Certainty) -> ContactHit:
    phone, email, postal = card.first("phone"), card.first("email"), card.first("postal")
    postcode, commune = place_of(postal.raw) if postal else ("", "")
    return ContactHit(
        id=card.id,
        display_name=card.display_name,
        phone=phone.display if phone else "",
        email=email.display if email else "",
        postcode=postcode,
        commune=commune,
        match=match,
        certainty=certainty,
        shared=next((p.shared_as or "shared" for p in card.points if p.is_shared and p.kind != "postal"), ""),
    )


def _begins(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], start: str
) -> sa.ColumnElement[bool]:
    """A range rather than LIKE: the index serves it whatever the plan, and no sign has a special meaning."""
    return sa.and_(column >= start, column < start + _LAST_CHARACTER)
