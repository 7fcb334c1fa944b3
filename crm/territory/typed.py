"""What somebody means by the address they are typing: number, suffix, words, postcode. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crm.foundation import fold
from crm.territory.spelling import ARTICLES, apart, telling

_SUFFIX = r"(?:\s*(bis|ter|quater|quinquies|qua|qte|[a-z]))?"
_NUMBER = rf"(\d{{1,4}})(?:\s*(?:[-/–&]|et|à)\s*\d{{1,4}})?{_SUFFIX}(?=[\s,;.]|$)"
_LEADING = re.compile(rf"^\s*(?:n\s?[°ºo]?\s*)?{_NUMBER}", re.IGNORECASE)
_LATER = re.compile(rf"(?<=[\s,;]){_NUMBER}", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<!\d)(\d{5})(?!\d)")
_INSIDE = re.compile(
    r"\b(?:appt?|apt|appartement|b[aâ]t|b[aâ]timent|[eé]tage|esc)\b\.?\s+\w{1,4}\b", re.IGNORECASE
)
_CEDEX = re.compile(r"\bcedex\b(?:\s+\d{1,2})?", re.IGNORECASE)
_ROAD = re.compile(r"\b(?:rd|d)\s?(\d{1,4})\b(?!\s*')", re.IGNORECASE)
_LONG = {"qua": "quater", "qte": "quinquies"}
_SHORT = {"B": "bis", "T": "ter", "Q": "quater"}
_MAYBE_WORD = frozenset("RLD")  # « 12 r Pasteur », « 3 l’Orée »: a letter that may open the name
LONGEST = 120  # characters read; an address is shorter


@dataclass(frozen=True, slots=True)
class Typed:
    """One reading of a typed address.

    Args:
        words: folded, without articles; the last one may be unfinished unless `ended`.
        suffixes: acceptable ones, best first; empty when none was typed.
        tail: how many of the last words follow a comma, where a commune is expected.
    """

    words: tuple[str, ...]
    number: int | None = None
    suffixes: tuple[str, ...] = ()
    postcode: str = ""
    ended: bool = False
    tail: int = 0


def read(text: str) -> list[Typed]:
    """The possible readings of what was typed, likeliest first."""
    text = _CEDEX.sub(" ", _INSIDE.sub(" ", apart(text[:LONGEST])))
    postcode = _POSTCODE.search(text)
    bare = _POSTCODE.sub(" , ", text) if postcode else text
    code = postcode.group(1) if postcode else ""
    if leading := _LEADING.match(bare):
        return [_numbered(_words(bare[leading.end() :], code), leading)]
    readings = [_words(bare, code)]
    for later in reversed(list(_LATER.finditer(bare))):
        without = _words(f"{bare[: later.start()]} {bare[later.end() :]}", code)
        readings.append(_numbered(without, later))
    return readings


def suffix_of(text: str) -> str:
    """`BIS` → `bis`, `qua` → `quater`, `b` → `B`: how a suffix is kept."""
    word = fold(text)
    return word.upper() if len(word) == 1 else _LONG.get(word, word)


def _numbered(typed: Typed, found: re.Match[str]) -> Typed:
    number, suffix = int(found.group(1)), suffix_of(found.group(2) or "")
    if not suffix:
        return replace(typed, number=number)
    glued = found.group(0)[found.group(0).lower().rfind(found.group(2).lower()) - 1].isdigit()
    perhaps = ("",) if suffix in _MAYBE_WORD and not glued else ()
    spelt_out = (_SHORT[suffix],) if suffix in _SHORT else ()
    return replace(typed, number=number, suffixes=(suffix, *spelt_out, *perhaps))


def _words(text: str, postcode: str) -> Typed:
    text = _ROAD.sub(r"departementale \1", text)
    before, comma, after = text.rpartition(",")
    head, tail = (_kept(before), _kept(after)) if comma else (_kept(text), [])
    ended = text != text.rstrip(" ,;")
    if not ended and not telling((*head, *tail)):
        head += _begun(text)
    return Typed(words=(*head, *tail), postcode=postcode, ended=ended, tail=len(tail) if head else 0)


def _begun(text: str) -> list[str]:
    """« Allée des sur »: with nothing else to go by, an article may be the beginning of a name."""
    *_, last = fold(text).split() or [""]
    return [last] if last in ARTICLES and len(last) > 2 else []


def _kept(text: str) -> list[str]:
    words = fold(text).split()
    return [word for word in words if word not in ARTICLES] or words
