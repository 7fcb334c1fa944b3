"""Which references a piece of one may be: its end, its number alone, its beginning.

Found by arithmetic rather than by an index: two check digits leave one number in ninety-seven.
"""

from __future__ import annotations

import re

from crm.cases.reference import Mistyped, make_reference, parse_reference

_LIKE_ONE = re.compile(r"[\d\s.·\-–—_/]+")
_FEWEST = 3
_YEARS = 10  # as far back as a piece without its year is looked for
_NUMBER = 6  # digits of a number


def possible_references(text: str, this_year: int) -> list[str]:
    """Every reference that `text` may be a piece of, at most some thousand; [] when it is nothing like one.

    `4217`, `42 17 57`, `217-57`, `2026-0042`, `26 004217 57` all lead to `2026-004217-57`.
    """
    digits = "".join(mark for mark in text if mark.isascii() and mark.isdigit())
    if not _LIKE_ONE.fullmatch(text) or not _FEWEST <= len(digits) <= 14:
        return []
    try:
        return [parse_reference(text)]
    except Mistyped:
        years = range(this_year, this_year - _YEARS, -1)
        found = [*_as_number(digits, years), *_as_beginning(digits, years), *_as_end(digits, years)]
        return list(dict.fromkeys(found))


def _as_number(digits: str, years: range) -> list[str]:
    return [make_reference(year, int(digits)) for year in years] if len(digits) <= _NUMBER else []


def _as_beginning(digits: str, years: range) -> list[str]:
    """The year, then the whole number (« 2026 4217 ») or its first digits as written (« 2026-0042 »)."""
    year, rest = int(digits[:4]), digits[4:]
    if year not in years or not 1 <= len(rest) <= _NUMBER:
        return []
    hidden = _NUMBER - len(rest)
    begun = range(int(rest) * 10**hidden, (int(rest) + 1) * 10**hidden) if hidden <= 2 else ()
    return [make_reference(year, number) for number in (int(rest), *begun)]


def _as_end(digits: str, years: range) -> list[str]:
    """The last digits, those of control included."""
    if len(digits) < 4:
        return []
    check, body = int(digits[-2:]), digits[:-2]
    tail, year_tail = body[-_NUMBER:], body[:-_NUMBER]
    if not 1 <= check <= 97 or len(year_tail) > 4:
        return []
    return [
        make_reference(year, number)
        for year in years
        if str(year).endswith(year_tail)
        for number in _ending_in(year, tail, check)
    ]


def _ending_in(year: int, tail: str, check: int) -> range:
    """The numbers of a year that end in `tail` and have these check digits: one step in ninety-seven."""
    step, most = 10 ** len(tail), 10**_NUMBER
    for number in range(int(tail), min(most, int(tail) + 97 * step), step):
        if 97 - (year * most + number) % 97 == check:
            return range(number, most, 97 * step)
    return range(0)
