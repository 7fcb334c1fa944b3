"""Seven-bit spelling and the count of parts, at their limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.channels import sms_parts, to_gsm7
from crm.channels.sms_text import as_sent


def test_french_is_spelled_without_what_makes_an_sms_twice_as_dear() -> None:
    assert to_gsm7("« L’œuvre » près d’où ça gêne… à côté, c’est l’été") == (
        "\"L'oeuvre\" près d'où ca gene... à coté, c'est l'été"
    )


def test_no_break_spaces_become_spaces() -> None:
    assert to_gsm7("Suivi\u202f: 10\u00a0h «\u202foui\u202f»") == 'Suivi : 10 h "oui"'


@pytest.mark.parametrize(
    ("text", "parts", "encoding"),
    [
        ("", 0, "gsm7"),
        ("a" * 160, 1, "gsm7"),
        ("a" * 161, 2, "gsm7"),
        ("a" * 306, 2, "gsm7"),
        ("a" * 307, 3, "gsm7"),
        ("€" * 80, 1, "gsm7"),
        ("a" + "€" * 80, 2, "gsm7"),
        ("a" * 152 + "€" + "b" * 152, 3, "gsm7"),
        ("é" * 160, 1, "gsm7"),
        ("ê" * 70, 1, "ucs2"),
        ("ê" * 71, 2, "ucs2"),
        ("ê" * 134, 2, "ucs2"),
        ("ê" * 135, 3, "ucs2"),
        ("😀" * 35, 1, "ucs2"),
        ("😀" * 36, 2, "ucs2"),
    ],
)
def test_parts_are_counted_as_the_network_does(text: str, parts: int, encoding: str) -> None:
    assert sms_parts(text)[:2] == (parts, encoding)


def test_another_script_is_kept_rather_than_destroyed() -> None:
    assert to_gsm7("مرحبا 😀") == "مرحبا 😀"


@given(st.text(alphabet="aàâäçéèêëîïôœùûüÿ’«»…–—ÀÂÇÉÈÊËÎÏÔŒÙÛÜŸ 0'\"?!", max_size=300))
def test_any_french_text_fits_the_seven_bit_alphabet_and_spelling_twice_changes_nothing(text: str) -> None:
    spelled = to_gsm7(text)
    assert sms_parts(spelled)[1] == "gsm7"
    assert to_gsm7(spelled) == spelled


def test_the_places_taken_are_told_too() -> None:
    assert sms_parts("10 €") == (1, "gsm7", 5)
    assert sms_parts("ê😀") == (1, "ucs2", 3)


def test_what_would_not_fit_the_cheap_alphabet_anyway_keeps_its_accents() -> None:
    assert as_sent("Rendez-vous à l’hôtel") == "Rendez-vous à l'hotel"
    assert as_sent("L’hôtel مرحبا") == "L’hôtel مرحبا"


@given(st.text(max_size=400))
def test_what_is_sent_never_costs_more_than_what_was_written(text: str) -> None:
    assert sms_parts(as_sent(text)).parts <= max(sms_parts(text).parts, sms_parts(to_gsm7(text)).parts)
    assert as_sent(as_sent(text)) == as_sent(text)


@given(st.text(max_size=1000))
def test_parts_hold_all_the_places_and_none_is_empty(text: str) -> None:
    size = sms_parts(text)
    alone, joined = (160, 153) if size.encoding == "gsm7" else (70, 67)
    assert size.parts == (0 if not text else 1) if size.characters <= alone else size.parts > 1
    assert size.characters <= (alone if size.parts <= 1 else joined * size.parts)
