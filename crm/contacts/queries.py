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
from sqlalchemy.orm import Session, aliased

from crm.contacts.given import normalise_email
from crm.contacts.models import BETTER_SAID, Contact, ContactLink, ContactPoint, SmsRefusal, SupportNeed
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
    shared_as: str = ""
    is_preferred: bool = False
    failed_at: datetime | None = None
    failed_reason: str = ""
    verified_how: str = ""
    verified_at: datetime | None = None
    no_sms: bool = False  # whoever has this number asked for no SMS

    @property
    def is_sound(self) -> bool:
        return self.failed_at is None


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
    is_better_told: bool = False  # aloud than in writing, as they said
    no_surveys: bool = False
    no_steps: bool = False
    no_news: bool = False

    def first(self, kind: str) -> PointLine | None:
        """The point of a kind to use first: one that works, the preferred one, a verified one."""
        own = [point for point in self.points if point.kind == kind]
        return min(own, key=_rank, default=None)

    def sound(self, kind: str) -> list[PointLine]:
        """Those of a kind that work, the one to use first before the others."""
        return sorted((p for p in self.points if p.kind == kind and p.is_sound), key=_rank)

    def failing(self, kind: str) -> tuple[PointLine, ...]:
        """Those of a kind where nothing arrives any more."""
        return tuple(point for point in self.points if point.kind == kind and not point.is_sound)


def _rank(point: PointLine) -> tuple[bool, bool, bool]:
    return not point.is_sound, not point.is_preferred, not point.is_verified


# Whoever asks for a contact that was merged gets the one that stays.
_ASKED = aliased(Contact, name="asked")
_CURRENT = sa.func.coalesce(_ASKED.merged_into_id, _ASKED.id)

_BETTER_TOLD = sa.exists().where(SupportNeed.contact_id == Contact.id, SupportNeed.need.in_(BETTER_SAID))
_CARD = (
    sa.select(
        _ASKED.id.label("asked_id"), Contact.id, Contact.kind, Contact.family_name, Contact.first_name,
        Contact.organization_name,
        Contact.preferred_channel, Contact.language, Contact.created_at, Contact.version,
        ContactPoint.id.label("point_id"), ContactPoint.kind.label("point_kind"), ContactPoint.value,
        ContactPoint.is_shared, ContactLink.raw, ContactLink.verified_at, Contact.no_surveys, Contact.no_news,
        ContactPoint.shared_as, ContactPoint.failed_at, ContactPoint.failed_reason, ContactLink.is_preferred,
        ContactLink.verified_how, Contact.no_steps, SmsRefusal.id.is_not(None).label("no_sms"),
    )
    .add_columns(_BETTER_TOLD.label("is_better_told"))
    .select_from(_ASKED)
    .join(Contact, Contact.id == _CURRENT)
    .outerjoin(ContactLink, ContactLink.contact_id == Contact.id)
    .outerjoin(ContactPoint, ContactPoint.id == ContactLink.point_id)
    .outerjoin(
        SmsRefusal,
        sa.and_(
            SmsRefusal.number == ContactPoint.value,
            ContactPoint.kind == "phone",
            SmsRefusal.lifted_at.is_(None),
        ),
    )
)  # fmt: skip


def contact_card(session: Session, contact_id: int) -> ContactCard:
    """Raises NotFound."""
    cards = contact_cards(session, [contact_id])
    if not cards:
        raise NotFound()
    return cards[contact_id]


def contact_cards(session: Session, contact_ids: Sequence[int]) -> dict[int, ContactCard]:
    """Those contacts with their points, in one statement whatever their number.

    Under the id asked for stands the one it was merged into, if it was.
    """
    query = _CARD.where(_ASKED.id.in_(contact_ids)).order_by(_ASKED.id, ContactLink.id)
    rows: dict[int, list[Any]] = {}
    for row in session.execute(query):
        rows.setdefault(row.asked_id, []).append(row)
    return {contact_id: _card(found) for contact_id, found in rows.items()}


def contact_names(session: Session, contact_ids: Sequence[int]) -> dict[int, str]:
    """Names for a list of cases, in one statement."""
    query = (
        sa.select(_ASKED.id, Contact.kind, Contact.first_name, Contact.family_name, Contact.organization_name)
        .join(Contact, Contact.id == _CURRENT)
        .where(_ASKED.id.in_(contact_ids))
    )
    return {row.id: display_name(*row[1:]) for row in session.execute(query)}


def current_contact(session: Session, contact_id: int) -> int:
    """The same, or the one that it was merged into.

    Raises:
        NotFound: no such contact.
    """
    current: int | None = session.scalar(sa.select(_CURRENT).where(_ASKED.id == contact_id))
    if current is None:
        raise NotFound(contact=contact_id)
    return current


def owns_point(session: Session, contact_id: int, typed: str) -> bool:
    """Is this an e-mail, a number or the postcode of the contact?"""
    return bool(owners_of_point(session, [contact_id], typed))


def owners_of_point(session: Session, contact_ids: Sequence[int], typed: str) -> set[int]:
    """Those of the contacts whose e-mail, number or postcode it is: the proof asked at the tracking page.

    One statement, whatever is found. A contact that was merged has what the one that stays has.
    """
    rows = session.execute(
        sa.select(_ASKED.id, ContactPoint.kind, ContactPoint.value, ContactLink.raw)
        .join(ContactLink, ContactLink.contact_id == _CURRENT)
        .join(ContactPoint, ContactPoint.id == ContactLink.point_id)
        .where(_ASKED.id.in_(contact_ids))
    ).all()
    proofs = _proofs(typed)
    return {
        row.id
        for row in rows
        for known in _provable(row.kind, row.value, row.raw)
        if any([hmac.compare_digest(proof.encode(), known.encode()) for proof in proofs])
    }


def masked(card: ContactCard) -> ContactCard:
    """The same contact for whoever has no need to know them: initials, ends of numbers, commune only."""
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
        is_better_told=one.is_better_told,
        no_surveys=one.no_surveys,
        no_steps=one.no_steps,
        no_news=one.no_news,
    )


def _point(row: Any) -> PointLine:
    display = row.raw if row.point_kind == "postal" else row.value
    if row.point_kind == "phone":
        display = display_phone(row.value)
    return PointLine(
        id=row.point_id,
        kind=row.point_kind,
        value=row.value,
        raw=row.raw,
        display=display,
        is_shared=row.is_shared,
        is_verified=row.verified_at is not None,
        shared_as=row.shared_as,
        is_preferred=row.is_preferred,
        failed_at=row.failed_at,
        failed_reason=row.failed_reason or "",
        verified_how=row.verified_how,
        verified_at=row.verified_at,
        no_sms=row.no_sms,
    )


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
