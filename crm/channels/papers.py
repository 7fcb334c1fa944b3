"""Papers as PDF by Typst. Texts go in as data, never as markup: whatever a usager wrote is inert."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from threading import Lock
from typing import Any

import typst

from crm.foundation import ROOT, Unavailable, clean, typo

_SHELF = ROOT / "templates" / "outbound"
_lock = Lock()  # a Typst compiler holds one document at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPaper:
    """One letter, ready to print and fold in a window envelope (NF Z 10-011: DL, window at the right).

    Args:
        to_lines: name and postal address, at most six lines.
        day: the date in words, « 1er septembre 2026 ».
        large_print: 16 points instead of 11, for those who asked for it or may need it.
    """

    centre: str
    centre_lines: tuple[str, ...]
    place: str
    day: str
    reference: str
    to_lines: tuple[str, ...]
    subject: str
    body: str
    link: str = ""
    large_print: bool = False
    language: str = "fr"


def letters_pdf(letters: Sequence[LetterPaper]) -> bytes:
    """One PDF; each letter on its own sheets, numbered from 1."""
    return _pdf("letter", {"letters": [_set(letter) for letter in letters]})


def _set(letter: LetterPaper) -> dict[str, Any]:
    """What we say, spaced as French is printed; names and addresses stay as they were given."""
    if letter.language != "fr":
        return asdict(letter)
    return asdict(letter) | {"subject": typo(letter.subject), "body": typo(letter.body)}


def case_pdf(data: dict[str, Any]) -> bytes:
    """The whole case on paper.

    Args:
        data: `title`, `reference`, `printed` (date in words), `centre`, `summary` and `answers` as lists of
            `[label, value]`, `timeline` as a list of `{at, who, organization, what, text}`; all texts ready
            to be read.
    """
    return _pdf("case", data)


def _pdf(name: str, data: dict[str, Any]) -> bytes:
    with _lock:
        try:
            made = _compiler().compile(
                _SHELF / f"{name}.typ", format="pdf", sys_inputs={"data": json.dumps(_printable(data))}
            )
        except typst.TypstError as wrong:
            raise Unavailable(server="typst", why=name) from wrong
    assert isinstance(made, bytes)  # one PDF, however many pages
    return made


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _printable(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(held) for held in value]
    return value


@cache
def _compiler() -> typst.Compiler:
    """Typst's own fonts first; the machine's are there for scripts these do not have."""
    return typst.Compiler(root=_SHELF)
