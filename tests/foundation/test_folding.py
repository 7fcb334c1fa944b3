"""Folding for search, cleaning for keeping."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.foundation import clean, fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Hélène d’Œuvre-Lefèvre", "helene d oeuvre lefevre"),
        ("O'Brien", "o brien"),
        ("  Saint-Étienne  ", "saint etienne"),
        ("ÇA  ALORS !", "ca alors"),
        ("عبد الرحمن", "عبد الرحمن"),
        ("", ""),
    ],
)
def test_accents_case_and_punctuation_are_forgotten(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_cleaned_can_be_stored_and_read_as_it_is(text: str) -> None:
    kept = clean(text)

    assert "\x00" not in kept and "\u202e" not in kept
    assert clean(kept) == kept


def test_cleaning_loses_nothing_that_a_reader_sees() -> None:
    long = "Bonjour 👋🏽 <script>alert(1)</script> =HYPERLINK(\n\tmerci\u200f " + "é" * 300_000

    assert clean(long) == long
    assert clean("a\x00b\u202ec") == "abc"
