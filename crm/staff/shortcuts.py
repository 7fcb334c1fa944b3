"""The keys that do something on every screen, and which others an agent may choose instead.

A combination is written with `event.code`, the place of the key, so that AZERTY and QWERTY agree:
`F2`, `Shift+F4`, `Ctrl+Enter`, `Ctrl+KeyK`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from crm.foundation import Invalid, fold

# Act → usual key; "" for none. assets/js/shortcuts.js has the same; a test compares them.
USUAL: Mapping[str, str] = {
    "search": "F2",
    "same_place": "F4",
    "next_demand": "F8",
    "danger_said": "F9",
    "submit": "Ctrl+Enter",
    "hang_up": "Ctrl+Shift+Enter",
    "palette": "Ctrl+KeyK",
    "take_call": "Ctrl+KeyI",
    "help_now": "Ctrl+KeyB",
    "help": "",
    "new_demand": "",
    "keep_draft": "",
    "drafts": "",
}
# The other function keys belong to browsers and systems; so do Ctrl+F4 and most of Ctrl+letter.
# These letters are at the same place on AZERTY and QWERTY.
_FREE_FUNCTIONS = ("F2", "F4", "F8", "F9")
_FREE_LETTERS = ("B", "E", "I", "K")
FREE = frozenset(
    {
        *_FREE_FUNCTIONS,
        *(f"Shift+{key}" for key in _FREE_FUNCTIONS),
        *(f"Ctrl+{key}" for key in _FREE_FUNCTIONS if key != "F4"),
        *(f"Ctrl+Key{letter}" for letter in _FREE_LETTERS),
        "Ctrl+Enter",
        "Ctrl+Shift+Enter",
    }
)
_NAMES = {"maj": "Shift", "shift": "Shift", "control": "Ctrl", "ctrl": "Ctrl", "cmd": "Ctrl", "alt": "Alt"}
_ENTERS = {"entree", "enter", "return", "numpadenter"}
_ORDER = ("Ctrl", "Alt", "Shift")
_FUNCTION = re.compile(r"f\d{1,2}")


def read_combination(typed: str) -> str:
    """« ctrl maj entrée » → `Ctrl+Shift+Enter`; « Ctrl + K » → `Ctrl+KeyK`; "" for nothing."""
    words = [
        word for word in re.split(r"[\s+]+", fold(typed.replace("+", " ").replace("⏎", " enter "))) if word
    ]
    modifiers = {_NAMES[word] for word in words if word in _NAMES}
    keys = [_key(word) for word in words if word not in _NAMES]
    return "+".join([*(name for name in _ORDER if name in modifiers), *keys])


def _key(word: str) -> str:
    if word in _ENTERS:
        return "Enter"
    if _FUNCTION.fullmatch(word):
        return word.upper()
    letter = word.removeprefix("key")
    return f"Key{letter.upper()}" if len(letter) == 1 and letter.isalpha() else word


def checked_keys(typed: Mapping[str, str]) -> dict[str, str]:
    """What differs from the usual keys, ready to keep.

    Args:
        typed: act → combination as written; an act that is not named keeps its usual key.

    Raises:
        Invalid: act → `key_unknown`, `key_alone`, `key_alt`, `key_browser` or `key_taken`.
    """
    chosen = {name: read_combination(typed.get(name, usual)) for name, usual in USUAL.items()}
    wrong = {name: reason for name, keys in chosen.items() if (reason := _refusal(keys))}
    held = Counter(keys for keys in chosen.values() if keys)
    wrong |= {name: "key_taken" for name, keys in chosen.items() if held[keys] > 1}
    if wrong:
        raise Invalid(wrong)
    return {name: keys for name, keys in chosen.items() if keys != USUAL[name]}


def _refusal(keys: str) -> str:
    if not keys or keys in FREE:
        return ""
    *modifiers, last = keys.split("+")
    if "Alt" in modifiers:
        return "key_alt"
    if last.startswith("Key") and "Ctrl" not in modifiers:
        return "key_alone"
    known = last.startswith("Key") or last == "Enter" or _FUNCTION.fullmatch(last.lower())
    return "key_browser" if known else "key_unknown"


def label(keys: str, language: str = "fr") -> str:
    """`Ctrl+Shift+Enter` → « Ctrl Maj ⏎ »"""
    shift = "Maj" if language == "fr" else "Shift"
    said = keys.replace("Shift", shift).replace("Enter", "⏎").replace("+", " ")
    return re.sub(r"Key(?=[A-Z]$)", "", said)


def keys_of(own: Mapping[str, str]) -> dict[str, str]:
    """Act → the agent's key; what the agent did not change is as usual."""
    return {name: str(own.get(name, usual)) for name, usual in USUAL.items()}
