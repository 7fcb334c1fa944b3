"""Papers as PDF by Typst. Texts go in as data, never as markup: whatever a usager wrote is inert."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import segno

from crm.foundation import ROOT, Unavailable, by_language, clean, typo

_SHELF = ROOT / "templates" / "outbound"
_TYPESET = (sys.executable, "-I", str(Path(__file__).with_name("typeset.py")))
_PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPaper:
    """One letter, ready to print and fold in three for a DL envelope whose window is at the right.

    Args:
        to_lines: name and postal address, at most six lines.
        day: the date in words, « 1er septembre 2026 ».
        signature: name, capacity, address and telephone of whoever is in charge (CRPA L111-2).
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
    signature: tuple[str, ...] = ()
    large_print: bool = False
    language: str = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPaper:
    """The sheet before a batch: what is in it, to be ticked when the envelopes are closed."""

    number: int
    made: str
    centre: str


def letters_pdf(letters: Sequence[LetterPaper], *, slip: SlipPaper | None = None) -> bytes:
    """One PDF; each letter on its own sheets, numbered from 1. The same letters make the same bytes."""
    listed = asdict(slip) if slip else None
    return _pdf("letter", {"letters": [_set(letter) for letter in letters], "slip": listed})


def _set(letter: LetterPaper) -> dict[str, Any]:
    """What we say, spaced as French is printed; names and addresses stay as they were given."""
    if letter.language != "fr":
        return asdict(letter) | {"parts": [(letter.language, letter.body)]}
    return asdict(letter) | {"subject": typo(letter.subject), "parts": by_language(typo(letter.body))}


def case_pdf(data: dict[str, Any]) -> bytes:
    """The whole case on paper.

    Args:
        data: `title`, `reference`, `printed` (date in words), `centre`, `summary` and `answers` as lists of
            `[label, value]`, `timeline` as a list of `{at, who, organization, what, text}`; all texts ready
            to be read.
    """
    return _pdf("case", data)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPaper:
    """What a usager takes home from a desk: half a sheet that says it all without a screen.

    Args:
        reference: in pairs, as it is said aloud.
        facts: `(term, words)`: object, place, service, date announced.
        paper_ways: how to follow without internet, one sentence each.
        link: to the tracking page; drawn as a QR code and written out.
    """

    centre: str
    centre_lines: tuple[str, ...]
    title: str
    reference: str
    reference_label: str
    facts: tuple[tuple[str, str], ...]
    paper_title: str
    paper_ways: tuple[str, ...]
    link_label: str
    link: str
    made: str
    language: str = "fr"


def receipt_pdf(receipt: ReceiptPaper) -> bytes:
    """One A5 page, or more if it must."""
    return _pdf("receipt", {**asdict(receipt), "qr": _qr(receipt.link)})


def round_pdf(data: dict[str, Any]) -> bytes:
    """A round, to take along and fill by hand.

    Args:
        data: `title`, `day`, `who`, `unit`, `start`, `number`, `centre`, `map` (SVG, or empty), the
            `words` of blanks, and `stops`: `{place, ours, label, reference, where, hint, words, priority}`;
            all texts ready to be read.
    """
    return _pdf("round", data)


def _qr(link: str) -> str:
    """An SVG drawing. Level M: a crease or a drop of rain leaves it readable."""
    drawn = BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def _pdf(name: str, data: dict[str, Any]) -> bytes:
    """Raises Unavailable: the paper could not be set, or not in time."""
    asked = json.dumps({"shelf": str(_SHELF), "template": name, "data": _printable(data)})
    try:
        done = subprocess.run(  # noqa: S603 — our own programme; texts go in as data
            _TYPESET, input=asked.encode(), capture_output=True, timeout=_PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired as slow:
        raise Unavailable(server="typst", why=name) from slow
    if done.returncode:
        raise Unavailable(server="typst", why=name)
    return done.stdout


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _printable(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(held) for held in value]
    return value
