"""Telephone numbers: whatever is dictated or typed, one way to compare them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from crm.foundation import clean

_REGION = "FR"
# Their national numbers look French but belong to other country codes. Mayotte is left out: its 06 39 98
# range is the one kept for fictitious numbers.
_OVERSEAS = ("GP", "MQ", "GF", "RE")
_LONGEST_TYPED = 60  # beyond, it is a text and not a number
_HIDDEN = "••"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as understood.

    Args:
        e164: None when no numbering plan knows it.
        raw: the text as typed, whole.
        national_display: in pairs if French, with its country code if foreign, else as typed.
    """

    e164: str | None
    raw: str
    national_display: str

    @property
    def value(self) -> str:
        """What it is kept and compared by; empty when there is not a digit in it."""
        if self.e164:
            return self.e164
        digits = digits_of(self.raw)[:40]
        return f"~{digits}" if digits else ""


def normalise_phone(text: str) -> Phone:
    """Understand a number: dots, slashes, `+33(0)6…`, `0033…`, foreign and overseas ones."""
    raw = clean(text)
    number = _parse(raw)
    if number is None or not phonenumbers.is_possible_number(number):
        return Phone(None, raw, raw)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Phone(e164, raw, display_phone(e164))


def display_phone(value: str) -> str:
    """`+33612345678` → `06 12 34 56 78`; `~3949` → `3949`."""
    if not value.startswith("+"):
        return value.removeprefix("~")
    number = phonenumbers.parse(value)
    french = number.country_code == phonenumbers.country_code_for_region(_REGION)
    shape = PhoneNumberFormat.NATIONAL if french else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape)


def is_mobile(value: str) -> bool:
    """Does an SMS make sense there? E.164 only; of fictitious French numbers, what they stand for."""
    if not value.startswith("+"):
        return False
    if value.startswith(("+336", "+337")):
        return True
    kind = phonenumbers.number_type(phonenumbers.parse(value))
    return kind in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def mask_phone(value: str) -> str:
    """`+33612345678` → `06 •• •• •• 78`: enough to recognise one's own, not to call."""
    shown = display_phone(value)
    digits = digits_of(shown)
    if len(digits) < 8:
        return _HIDDEN
    return f"{'+' if shown.startswith('+') else ''}{digits[:2]} {_HIDDEN} {_HIDDEN} {_HIDDEN} {digits[-2:]}"


def mask_email(value: str) -> str:
    """`helene@domaine.fr` → `h•••@d•••.fr`."""
    local, at, domain = value.partition("@")
    if not at:
        return _HIDDEN
    name, dot, ending = domain.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••{dot}{ending}"


def digits_of(text: str) -> str:
    return "".join(str(int(mark)) for mark in text if mark.isdecimal())


def _parse(raw: str) -> PhoneNumber | None:
    if len(raw) > _LONGEST_TYPED:
        return None
    typed = re.sub(r"[\s/]+", " ", re.sub(r"\(\s*0\s*\)", "", raw))
    try:
        number = phonenumbers.parse(typed, _REGION)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else _overseas(typed) or number


def _overseas(typed: str) -> PhoneNumber | None:
    if not digits_of(typed).startswith("0") or typed.startswith(("+", "00")):
        return None
    tries = (phonenumbers.parse(typed, region) for region in _OVERSEAS)
    return next((number for number in tries if phonenumbers.is_valid_number(number)), None)
