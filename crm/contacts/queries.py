"""One contact, and how it is shown or half hidden."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from email_validator import EmailNotValidError
from sqlalchemy.orm import Session

from crm.contacts.given import normalise_email
from crm.contacts.models import Contact, ContactLink, ContactPoint
from crm.contacts.names import display_name
from crm.contacts.phone import display_phone, mask_email, mask_phone, normalise_phone
from crm.foundation import NotFound

_POSTCODE = re.compile(r"\b(\d{5})\b[ \t]*([^\n\d]*)")


@dataclass(frozen=True, slots=True)
class PointLine:
    """One way to reach a contact: `value` to use, `raw` as typed, `display` to read."""

    id: int
    kind: str
    value: str
    raw: str
    display: str
    is_shared: bool
    is_verified: bool


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A contact as an agent reads it."""

    id: int
    kind: str
    display_name: str
    family_name: str
    first_name: str
    organization_name: str
    preferred_channel: str
    language: str
    created_at: datetime
    version: int
    points: tuple[PointLine, ...]
    is_masked: bool = False

    def first(self, kind: str) -> PointLine | None:
        """The first point of a kind, verified ones before."""
        own = [point for point in self.points if point.kind == kind]
        return min(own, key=lambda point: not point.is_verified, default=None)


_CARD = (
    sa.select(
        Contact.id, Contact.kind, Contact.family_name, Contact.first_name, Contact.organization_name,
        Contact.preferred_channel, Contact.language, Contact.created_at, Contact.version,
        ContactPoint.id.label("point_id"), ContactPoint.kind.label("point_kind"), ContactPoint.value,
        ContactPoint.is_shared, ContactLink.raw, ContactLink.verified_at,
    )
    .outerjoin(ContactLink, ContactLink.contact_id == Contact.id)
    .outerjoin(ContactPoint, ContactPoint.id == ContactLink.point_id)
)  # fmt: skip


def contact_card(session: Session, contact_id: int) -> ContactCard:
    """Raises NotFound."""
    cards = contact_cards(session, [contact_id])
    if not cards:
        raise NotFound()
    return cards[contact_id]


def contact_cards(session: Session, contact_ids: Sequence[int]) -> dict[int, ContactCard]:
    """Those contacts with their points, in one statement whatever their number."""
    query = _CARD.where(Contact.id.in_(contact_ids)).order_by(Contact.id, ContactLink.id)
    rows: dict[int, list[Any]] = {}
    for row in session.execute(query):
        rows.setdefault(row.id, []).append(row)
    return {contact_id: _card(found) for contact_id, found in rows.items()}


def contact_names(session: Session, contact_ids: Sequence[int]) -> dict[int, str]:
    """Names for a list of cases, in one statement."""
    query = sa.select(
        Contact.id, Contact.kind, Contact.first_name, Contact.family_name, Contact.organization_name
    ).where(Contact.id.in_(contact_ids))
    return {row.id: display_name(*row[1:]) for row in session.execute(query)}


def owners_of_point(session: Session, contact_ids: Sequence[int], typed: str) -> set[int]:
    """Those of the contacts whose e-mail, number or postcode it is: the proof asked at the tracking page.

    One statement, whatever is found.
    """
    rows = session.execute(
        sa.select(ContactLink.contact_id, ContactPoint.kind, ContactPoint.value, ContactLink.raw)
        .join(ContactLink, ContactLink.point_id == ContactPoint.id)
        .where(ContactLink.contact_id.in_(contact_ids))
    ).all()
    proofs = _proofs(typed)
    return {
        row.contact_id
        for row in rows
        for known in _provable(row.kind, row.value, row.raw)
        if any([hmac.compare_digest(proof.encode(), known.encode()) for proof in proofs])
    }


def masked(card: ContactCard) -> ContactCard:
    """The same contact for who has no need to know them: initials, ends of numbers, commune only."""
    first, family = _initial(card.first_name), _initial(card.family_name)
    return replace(
        card,
        display_name=display_name(card.kind, first, family, card.organization_name),
        first_name=first,
        family_name=family,
        points=tuple(_masked_point(point) for point in card.points),
        is_masked=True,
    )


def place_of(postal: str) -> tuple[str, str]:
    """Postcode and commune of an address as typed; both empty when it has no postcode."""
    found = _POSTCODE.findall(postal)
    return (found[-1][0], found[-1][1].strip(" ,-")) if found else ("", "")


def _card(rows: list[Any]) -> ContactCard:
    one = rows[0]
    return ContactCard(
        id=one.id,
        kind=one.kind,
        display_name=display_name(one.kind, one.first_name, one.family_name, one.organization_name),
        family_name=one.family_name,
        first_name=one.first_name,
        organization_name=one.organization_name,
        preferred_channel=one.preferred_channel,
        language=one.language,
        created_at=one.created_at,
        version=one.version,
        points=tuple(_point(row) for row in rows if row.point_id is not None),
    )


def _point(row: Any) -> PointLine:
    display = row.raw if row.point_kind == "postal" else row.value
    if row.point_kind == "phone":
        display = display_phone(row.value)
    verified = row.verified_at is not None
    return PointLine(row.point_id, row.point_kind, row.value, row.raw, display, row.is_shared, verified)


def _masked_point(point: PointLine) -> PointLine:
    if point.kind == "postal":
        hidden = " ".join(part for part in place_of(point.raw) if part)
    else:
        hidden = mask_phone(point.value) if point.kind == "phone" else mask_email(point.value)
    return replace(point, value=hidden, raw=hidden, display=hidden)


def _initial(name: str) -> str:
    return f"{name[0]}." if name else ""


def _proofs(typed: str) -> set[str]:
    text = typed.strip()[:320]
    proofs = {normalise_phone(text).value}
    if re.fullmatch(r"\d{5}", text):
        proofs.add(text)
    with suppress(EmailNotValidError):
        proofs.add(normalise_email(text))
    return proofs - {""}


def _provable(kind: str, value: str, raw: str) -> list[str]:
    return [place_of(raw)[0] or value] if kind == "postal" else [value]
