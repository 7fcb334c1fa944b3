"""Keys that an agent may choose: by the place of the key, never a letter alone, never a browser's own."""

from __future__ import annotations

import re

import pytest

from crm.foundation import ROOT, Invalid
from crm.staff import FREE, USUAL, keys_of, label
from crm.staff.shortcuts import checked_keys, read_combination


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("f4", "F4"),
        ("Maj F8", "Shift+F8"),
        ("Ctrl + K", "Ctrl+KeyK"),
        ("Ctrl Maj Entrée", "Ctrl+Shift+Enter"),
        ("Maj Ctrl ⏎", "Ctrl+Shift+Enter"),
        ("Shift+F2", "Shift+F2"),
        ("Ctrl+KeyK", "Ctrl+KeyK"),
        ("  ", ""),
    ],
)
def test_keys_are_read_as_people_write_them(typed: str, read: str) -> None:
    assert read_combination(typed) == read


@pytest.mark.parametrize("keys", sorted(FREE))
def test_what_is_shown_is_read_back_in_both_languages(keys: str) -> None:
    assert read_combination(label(keys, "fr")) == read_combination(label(keys, "en")) == keys


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("x", "key_alone"),
        ("Alt S", "key_alt"),
        ("Ctrl Alt K", "key_alt"),
        ("F5", "key_browser"),
        ("F1", "key_browser"),
        ("Ctrl T", "key_browser"),
        ("Ctrl F4", "key_browser"),
        ("Entrée", "key_browser"),
        ("F8", "key_taken"),
        ("bouton rouge", "key_unknown"),
    ],
)
def test_other_keys_are_refused_with_a_reason(typed: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_keys({"search": typed})
    assert refused.value.fields["search"] == why


def test_only_what_differs_is_kept_and_a_key_may_be_given_up() -> None:
    own = checked_keys({**USUAL, "search": "Shift F2", "same_place": "", "help": "F4"})
    assert own == {"search": "Shift+F2", "same_place": "", "help": "F4"}
    assert keys_of(own)["danger_said"] == "F9"
    assert checked_keys(USUAL) == {}


def test_the_browser_knows_the_same_keys() -> None:
    source = (ROOT / "assets" / "js" / "shortcuts.js").read_text("utf-8")
    listed = re.search(r"export const DEFAULTS = \{(.*?)\};", source, re.S)
    assert listed is not None
    assert dict(re.findall(r'(\w+): "([^"]*)"', listed.group(1))) == dict(USUAL)
