"""Numbers as they are dictated, typed and pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.contacts import mask_email, mask_phone, normalise_phone


@pytest.mark.parametrize(
    "typed",
    [
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06/12/34/56/78",
        "0612345678",
        "+33(0)6 12 34 56 78",
        "+33 6 12 34 56 78",
        "0033612345678",
        "33 6 12 34 56 78",
        "  06 12 34 56 78 ",
        "\u206606 12 34 56 78\u2069",
        "06\u00a012\u202f34 56 78",
    ],
)
def test_one_number_written_twelve_ways(typed: str) -> None:
    phone = normalise_phone(typed)

    assert phone.e164 == "+33612345678"
    assert phone.national_display == "06 12 34 56 78"


@pytest.mark.parametrize(
    ("typed", "e164", "shown"),
    [
        ("+32 475 12 34 56", "+32475123456", "+32 475 12 34 56"),
        ("001 514 872 0311", "+15148720311", "+1 514-872-0311"),
        ("0692 12 34 56", "+262692123456", "+262 692 12 34 56"),
        ("+49 30 901820", "+4930901820", "+49 30 901820"),
        ("01 99 00 12 34", "+33199001234", "01 99 00 12 34"),
    ],
)
def test_foreign_and_overseas_numbers(typed: str, e164: str, shown: str) -> None:
    phone = normalise_phone(typed)

    assert (phone.e164, phone.national_display) == (e164, shown)


@pytest.mark.parametrize(("typed", "value"), [("3949", "~3949"), ("0612", "~0612"), ("poste 12", "~12")])
def test_a_number_that_no_plan_knows_is_kept_as_typed(typed: str, value: str) -> None:
    phone = normalise_phone(typed)

    assert phone.e164 is None
    assert (phone.raw, phone.value) == (typed, value)


def test_no_digit_is_no_number() -> None:
    assert normalise_phone("numéro masqué").value == ""


@given(st.text())
def test_whatever_is_typed_is_understood_or_kept(typed: str) -> None:
    phone = normalise_phone(typed)

    assert phone.e164 is None or phone.e164.startswith("+")
    assert len(phone.value) <= 41
    assert "\x00" not in phone.raw


@pytest.mark.parametrize(
    ("value", "shown"),
    [("+33612345678", "06 •• •• •• 78"), ("+32475123456", "+32 •• •• •• 56"), ("~3949", "••")],
)
def test_a_masked_number_shows_its_ends_only(value: str, shown: str) -> None:
    assert mask_phone(value) == shown


def test_a_masked_email_shows_initials_and_ending_only() -> None:
    assert mask_email("helene@domaine.fr") == "h•••@d•••.fr"
    assert mask_email("nothing") == "••"
