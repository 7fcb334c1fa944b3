"""Seven-bit spelling and the count of parts, at their limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.knowledge import sms_parts, to_gsm7


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
    assert sms_parts(text) == (parts, encoding)


def test_another_script_is_kept_rather_than_destroyed() -> None:
    assert to_gsm7("مرحبا 😀") == "مرحبا 😀"


@given(st.text(alphabet="aàâäçéèêëîïôœùûüÿ’«»…–—ÀÂÇÉÈÊËÎÏÔŒÙÛÜŸ 0'\"?!", max_size=300))
def test_any_french_text_fits_the_seven_bit_alphabet_and_spelling_twice_changes_nothing(text: str) -> None:
    spelled = to_gsm7(text)
    assert sms_parts(spelled)[1] == "gsm7"
    assert to_gsm7(spelled) == spelled
