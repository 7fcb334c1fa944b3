"""A case's reference, as said on the phone: `AAAA-NNNNNN-CC`, year, number, two check digits mod 97."""

from __future__ import annotations

import re

from crm.foundation import CrmError

_SHAPE = re.compile(r"(\d{4})(\d{6,8})(\d{2})")
_DECORATION = re.compile(r"[\s.·\-–—_/]+")


class Mistyped(CrmError):
    """The check digits do not fit: somebody misheard or mistyped. Nothing needs to be looked up."""

    code = "reference_mistyped"


def _check_digits(year: int, number: int) -> int:
    return 97 - int(f"{year:04d}{number:06d}") % 97


def make_reference(year: int, number: int) -> str:
    """`make_reference(2026, 4217)` → `2026-004217-57`, whatever is lost or swapped shows in the last two."""
    return f"{year:04d}-{number:06d}-{_check_digits(year, number):02d}"


def parse_reference(text: str) -> str:
    """The reference in its written form, from what was typed: with dashes, spaces, points or nothing.

    Raises:
        Mistyped: not the shape of a reference, or the check digits do not fit.
    """
    match = _SHAPE.fullmatch(_DECORATION.sub("", text))
    if match is None:
        raise Mistyped(reason="shape")
    year, number, check = (int(part) for part in match.groups())
    if _check_digits(year, number) != check:
        raise Mistyped(reason="check_digits")
    return make_reference(year, number)


def spoken(reference: str) -> str:
    """By pairs, as it is said: `2026-004217-57` → `2026 · 00 42 17 · 57`."""
    year, number, check = reference.split("-")
    padded = number if len(number) % 2 == 0 else f"0{number}"
    pairs = " ".join(padded[i : i + 2] for i in range(0, len(padded), 2))
    return f"{year} · {pairs} · {check}"
