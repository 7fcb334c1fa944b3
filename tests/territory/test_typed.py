"""What somebody means by an address as they type it."""

from __future__ import annotations

import pytest

from crm.territory.spelling import spoken, street_key
from crm.territory.typed import read


@pytest.mark.parametrize(
    ("text", "number", "suffixes", "words"),
    [
        ("12 bis rue des Lilas", 12, ("bis",), ("rue", "lilas")),
        ("12bis rue des Lilas", 12, ("bis",), ("rue", "lilas")),
        ("12 B rue des Lilas", 12, ("B", "bis"), ("rue", "lilas")),
        ("12b, rue des Lilas", 12, ("B", "bis"), ("rue", "lilas")),
        ("12, rue des Lilas", 12, (), ("rue", "lilas")),
        ("n° 12 rue des Lilas", 12, (), ("rue", "lilas")),
        ("12-14 rue des Lilas", 12, (), ("rue", "lilas")),
        ("12 d’Artagnan", 12, (), ("artagnan",)),
        ("12 r Pasteur", 12, ("R", ""), ("pasteur",)),
        ("rue de l’Église", None, (), ("rue", "eglise")),
        ("12 rue de l'eglise appt 3", 12, (), ("rue", "eglise")),
        ("12 avenue de l’Œuvre", 12, (), ("avenue", "oeuvre")),
        ("rd 12", None, (), ("departementale", "12")),
    ],
)
def test_number_suffix_and_words_are_told_apart(
    text: str, number: int | None, suffixes: tuple[str, ...], words: tuple[str, ...]
) -> None:
    typed = read(text)[0]
    assert (typed.number, typed.suffixes, typed.words) == (number, suffixes, words)


def test_a_number_at_the_end_is_tried_after_a_name_that_ends_with_a_number() -> None:
    readings = read("rue du 8 mai 1945, 12")
    assert readings[0].number is None
    assert readings[1].number == 12
    assert readings[1].words == ("rue", "8", "mai", "1945")


def test_a_postcode_and_cedex_are_not_words_of_the_street() -> None:
    typed = read("12 av de la Gare 99000 Rivebois cedex 2")[0]
    assert (typed.postcode, typed.words, typed.tail) == ("99000", ("av", "gare", "rivebois"), 1)


@pytest.mark.parametrize("text", ["", "   ", ",,,", "\x00", "’’’", "🙂" * 50, "a" * 300_000, "12" * 5_000])
def test_nothing_that_is_typed_breaks_the_reading(text: str) -> None:
    for typed in read(text):
        assert all(word.replace("_", "a").isalnum() for word in typed.words)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Av. du Gal de Gaulle", "avenue general gaulle"),
        ("Rue de l’Église", "rue eglise"),
        ("RUE ST-DENIS", "rue saint denis"),
        ("Rond-Point d’Or", "rond point or"),
        ("La", "la"),
    ],
)
def test_street_names_have_one_spelling(name: str, key: str) -> None:
    assert street_key(name) == key


def test_an_address_is_said_as_in_a_sentence() -> None:
    assert spoken(12, "bis", "Rue des Lilas") == "12 bis rue des Lilas"
    assert spoken(0, "", "Rue des Lilas") == "Rue des Lilas"
    assert spoken(3, "", "Grand-Rue Jean Moulin") == "3 Grand-Rue Jean Moulin"
