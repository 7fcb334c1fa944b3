"""Two check digits: what is misheard or mistyped is seen before anything is looked up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.cases import Mistyped, make_reference, parse_reference, spoken

references = st.builds(make_reference, st.integers(2000, 2099), st.integers(1, 99_999_999))
DECORATIONS = st.sampled_from(["", " ", "-", ".", " · ", "–", "\u202f", "/"])


def test_a_reference_is_said_by_pairs() -> None:
    assert make_reference(2026, 4217) == "2026-004217-57"
    assert spoken("2026-004217-57") == "2026 · 00 42 17 · 57"


@given(reference=references, between=st.lists(DECORATIONS, min_size=14, max_size=14))
def test_it_is_read_however_it_is_spaced(reference: str, between: list[str]) -> None:
    digits = reference.replace("-", "")
    typed = "".join(digit + mark for digit, mark in zip(digits, between, strict=False))
    assert parse_reference(typed) == reference


@given(reference=references, place=st.integers(0, 15), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_seen(reference: str, place: int, digit: str) -> None:
    digits = list(reference.replace("-", ""))
    at = place % len(digits)
    if digits[at] == digit:
        return
    digits[at] = digit
    with pytest.raises(Mistyped):
        parse_reference("".join(digits))


@given(reference=references, place=st.integers(0, 14))
def test_two_neighbours_swapped_are_always_seen(reference: str, place: int) -> None:
    digits = list(reference.replace("-", ""))
    at = place % (len(digits) - 1)
    if digits[at] == digits[at + 1]:
        return
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    with pytest.raises(Mistyped):
        parse_reference("".join(digits))


@pytest.mark.parametrize("typed", ["", "2026", "2026-004217", "202600421763x", "²026-004217-63", "n° 12"])
def test_what_is_no_reference_is_refused(typed: str) -> None:
    with pytest.raises(Mistyped):
        parse_reference(typed)
