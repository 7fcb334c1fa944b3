"""What a door is told about a contact, made comparable and checked, before anything is written."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from crm.contacts.models import ANSWER_CHANNELS, CONTACT_KINDS
from crm.contacts.phone import normalise_phone
from crm.foundation import Invalid, clean, fold

_LONGEST_KEY = 400  # characters of an address kept in the index; the whole text is kept beside


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A contact as told. Everything may be missing but a name or one way to reach them.

    Args:
        postal: the lines of an address, the last one with postcode and commune.
        preferred_channel: how they like to be answered; empty when they did not say.
    """

    kind: str = "person"
    family_name: str = ""
    first_name: str = ""
    organization_name: str = ""
    phone: str = ""
    email: str = ""
    postal: tuple[str, ...] = ()
    preferred_channel: str = ""
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class GivenPoint:
    kind: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The same, cleaned: names on one line, points comparable and each once."""

    kind: str
    family_name: str
    first_name: str
    organization_name: str
    points: tuple[GivenPoint, ...]
    preferred_channel: str
    language: str


def check(given: NewContact, *, known: bool = False) -> Checked:
    """Clean and judge.

    Args:
        known: the contact exists already, so that nothing is needed to name them.

    Raises:
        Invalid: names each wrong field.
    """
    wrong: dict[str, str] = {}
    points = _points(given, wrong)
    family, first = _one_line(given.family_name), _one_line(given.first_name)
    organization = _one_line(given.organization_name)
    if not (known or family or first or organization or points or wrong):
        wrong["family_name"] = "missing"
    for field, value, accepted in (
        ("kind", given.kind, CONTACT_KINDS),
        ("preferred_channel", given.preferred_channel, ANSWER_CHANNELS),
    ):
        if value not in accepted:
            wrong[field] = "unknown"
    if wrong:
        raise Invalid(wrong)
    return Checked(
        kind=given.kind,
        family_name=family,
        first_name=first,
        organization_name=organization,
        points=tuple(points),
        preferred_channel=given.preferred_channel,
        language=given.language,
    )


def normalise_email(text: str) -> str:
    """The address in lower case.

    Raises:
        EmailNotValidError: it cannot be one. Whether a mailbox answers there is never asked.
    """
    return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized.lower()


def _points(given: NewContact, wrong: dict[str, str]) -> list[GivenPoint]:
    points = []
    if given.phone.strip():
        phone = normalise_phone(given.phone)
        if not phone.value:
            wrong["phone"] = "no_digit"
        points.append(GivenPoint("phone", phone.value, phone.raw))
    if email := clean(given.email):
        try:
            points.append(GivenPoint("email", normalise_email(email), email))
        except EmailNotValidError:
            wrong["email"] = "unreadable"
    lines = [line for line in map(_one_line, given.postal) if line]
    if key := _postal_key(lines):
        points.append(GivenPoint("postal", key, "\n".join(lines)))
    return points


def _postal_key(lines: list[str]) -> str:
    key = fold(" ".join(lines))
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[: _LONGEST_KEY - 65]} {hashlib.sha256(key.encode()).hexdigest()}"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", clean(text)).strip()
