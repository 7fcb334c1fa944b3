"""Names heard, misspelt, split and accented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.contacts import display_name
from crm.contacts.names import beginning_query, lexemes, slips, slips_query, sound, sounds_query, words


@pytest.mark.parametrize(
    "alike",
    [
        ("lefevre", "lefebvre", "lefaivre", "lefevres"),
        ("dupont", "dupond", "dupon"),
        ("martin", "martain"),
        ("philippe", "filipe"),
        ("mohamed", "mohammed"),
        ("girault", "giraud", "giro"),
        ("lopez", "lopes"),
        ("schmitt", "chmit"),
        ("aurelie", "orelie"),
        ("diallo", "dialo"),
    ],
)
def test_what_ears_hear_the_same_has_one_key(alike: tuple[str, ...]) -> None:
    assert len({sound(name) for name in alike}) == 1


def test_what_ears_tell_apart_has_two_keys() -> None:
    assert sound("martin") != sound("morel")
    assert sound("garcia") != sound("durand")


def test_other_scripts_and_single_letters_have_no_sound_but_are_found() -> None:
    assert sound("محمد") == sound("o") == ""
    assert "محمد" in lexemes("", "محمد", "")


def test_two_names_one_slip_apart_meet() -> None:
    for slipped in ("bernatd", "bernad", "bernnard", "benrard"):
        assert {slipped, *slips(slipped)} & {"bernard", *slips("bernard")}, slipped


def test_a_civility_is_not_a_name_unless_it_is_the_only_one() -> None:
    assert words("Mme Diallo") == ["diallo"]
    assert words("M") == ["m"]


def test_names_as_shown() -> None:
    assert display_name("person", "Aïcha", "Diallo", "") == "Aïcha Diallo"
    assert display_name("organization", "Aïcha", "Diallo", "Syndic Les Tilleuls") == (
        "Syndic Les Tilleuls (Aïcha Diallo)"
    )
    assert display_name("person", "", "X", "") == "X"


@given(st.text(max_size=300))
def test_any_text_gives_safe_lexemes(text: str) -> None:
    for lexeme in lexemes(text, text, text):
        assert 0 < len(lexeme.encode()) < 2046
        assert "'" not in lexeme and "\\" not in lexeme
    if typed := words(text):
        for query in (beginning_query(typed), slips_query(typed), sounds_query(typed)):
            assert query.count("'") % 2 == 0
