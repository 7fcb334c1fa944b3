"""A French keyboard, key by key: what a key is (`code`) and what it writes (`key`) are not the American ones.

Each key that writes no text is counted: Tab, arrows, Enter, F-keys, Ctrl chords, and digits used as choices.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import CDPSession, Page

_LETTERS = dict(zip("azertyuiopqsdfghjklmwxcvbn", "QWERTYUIOPASDFGHJKL;ZXCVBN", strict=True))
_DIGITS = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))  # what the row writes without Shift
_MARKS = {" ": "Space", ",": "KeyM", ";": "Comma", ":": "Period", "!": "Slash", "'": "Digit4", "-": "Digit6"}
_ACCENTS = {mark: f"Digit{number}" for number, mark in _DIGITS.items()} | {"ù": "Quote"}
_NAMED = {"Tab": 9, "Enter": 13, "ArrowDown": 40, "ArrowUp": 38, "F2": 113, "F4": 115, "F8": 119, "F9": 120}
_CTRL, _SHIFT = 2, 8


def _code(letter: str) -> str:
    place = _LETTERS[letter]
    return "Semicolon" if place == ";" else f"Key{place}"


@dataclass
class Azerty:
    """Hands on the keyboard. `pressed` are the keys that wrote nothing, in their order."""

    page: Page
    pressed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._wire: CDPSession = self.page.context.new_cdp_session(self.page)

    def type(self, text: str) -> None:
        """Words, as fingers write them: digits take Shift, accents come whole."""
        for mark in text:
            self._key(*self._written(mark))

    def digit(self, number: int) -> None:
        """A key of the upper row, without Shift, used to choose."""
        mark = _DIGITS[str(number)]
        self._count(str(number), f"Digit{number}", mark, text=mark)

    def letter(self, letter: str) -> None:
        """A letter used as a key."""
        self._count(letter.upper(), _code(letter), letter, text=letter)

    def press(self, *names: str) -> None:
        for name in names:
            self._count(name, name, name, text="\r" if name == "Enter" else "", number=_NAMED[name])

    def ctrl_enter(self, *, shift: bool = False) -> None:
        held = _CTRL + (_SHIFT if shift else 0)
        name = "Ctrl+Maj+Entrée" if shift else "Ctrl+Entrée"
        self._count(name, "Enter", "Enter", held=held, number=13)

    def tab_until(self, name: str, at_most: int = 8) -> None:
        """Tab as often as it takes: each one counts."""
        for _ in range(at_most):
            self.press("Tab")
            if self.focus() == name:
                return
        raise AssertionError(f"{name} is not within {at_most} tabs; the focus is on {self.focus()}")

    def focus(self) -> str:
        return str(self.page.evaluate("document.activeElement.id || document.activeElement.name"))

    def _written(self, mark: str) -> tuple[str, str, str, int]:
        """code, key, text, modifiers"""
        if mark in _DIGITS:
            return f"Digit{mark}", mark, mark, _SHIFT
        if mark.lower() in _LETTERS:
            return _code(mark.lower()), mark, mark, _SHIFT if mark.isupper() else 0
        return _MARKS.get(mark, _ACCENTS.get(mark, "")), mark, mark, 0

    def _count(
        self, name: str, code: str, key: str, *, text: str = "", held: int = 0, number: int = 0
    ) -> None:
        self.pressed.append(name)
        self._key(code, key, text, held, number)

    def _key(self, code: str, key: str, text: str, held: int = 0, number: int = 0) -> None:
        common = {"code": code, "key": key, "modifiers": held, "windowsVirtualKeyCode": number}
        down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
        self._wire.send("Input.dispatchKeyEvent", {**common, **down})
        self._wire.send("Input.dispatchKeyEvent", {**common, "type": "keyUp"})
