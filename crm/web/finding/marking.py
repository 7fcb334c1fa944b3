"""Show what was sought in what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm.foundation import fold

_TOKEN = re.compile(r"[^\W_]+")
_BEFORE = 40  # characters shown before the first word that was sought


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text, as it stands; `is_sought` when it is one of the words."""

    text: str
    is_sought: bool = False


def marked(text: str, words: Sequence[str], most: int = 140) -> list[Part]:
    """About `most` characters of the text, around the first word that was sought."""
    sought = [folded for word in words if len(folded := fold(word)) > 1]
    hits = [match.span() for match in _TOKEN.finditer(text) if _is_one(fold(match.group()), sought)]
    start = _beginning(text, hits[0][0] if hits else 0, most)
    end = min(len(text), start + most)
    parts, at = [Part("… " if start else "")], start
    for first, last in hits:
        if first >= at and last <= end:
            parts += [Part(text[at:first]), Part(text[first:last], True)]
            at = last
    parts.append(Part(text[at:end] + ("…" if end < len(text) else "")))
    return [part for part in parts if part.text]


def _beginning(text: str, hit: int, most: int) -> int:
    if len(text) <= most or hit < most * 2 // 3:
        return 0
    return text.rfind(" ", 0, hit - _BEFORE) + 1


def _is_one(token: str, sought: Sequence[str]) -> bool:
    return any(_is_same(token, word) for word in sought)


def _is_same(token: str, word: str) -> bool:
    """The same word in another number or gender, or its beginning: near enough to underline it."""
    if token == word or (len(word) > 2 and token.startswith(word)):
        return True
    shorter = min(len(token), len(word))
    if shorter < 4:
        return False
    return abs(len(token) - len(word)) < 4 and token[: shorter - 1] == word[: shorter - 1] and shorter > 4
