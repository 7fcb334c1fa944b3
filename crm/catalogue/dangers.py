"""Hearing a danger in what someone says: whole words only, small typing errors forgiven. Pure."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from crm.catalogue.shapes import Catalogue, Danger
from crm.foundation import fold

_FORGIVEN_FROM = 7  # letters: a shorter word with one letter changed is too often another word
_GAP = 1  # words that may slip inside a phrase: "fils (tout) dénudés"
_MOST_WORDS = 400  # beyond, a message is a letter: its danger would be at its head
_MASK = ""

Phrase = tuple[str, ...]


def dangers_in(catalogue: Catalogue, text: str) -> list[Danger]:
    """Dangers that the words announce, in the catalogue's order."""
    words = fold(text).split()[:_MOST_WORDS]
    return [danger for danger in catalogue.dangers if _heard(danger, words)]


def _heard(danger: Danger, words: list[str]) -> bool:
    left = list(words)
    for phrase in _phrases(danger.unless):
        _mask(phrase, left)
    return any(_spans(phrase, left) for phrase in _phrases(danger.words))


@lru_cache(maxsize=64)
def _phrases(said: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(tuple(fold(phrase).split()) for phrase in said)


def _mask(phrase: Phrase, words: list[str]) -> None:
    """Blot out, in place, each time the harmless phrase is said."""
    for start in range(len(words) - len(phrase) + 1):
        if all(_same(a, b) for a, b in zip(phrase, words[start:], strict=False)):
            words[start : start + len(phrase)] = [_MASK] * len(phrase)


def _spans(phrase: Phrase, words: list[str]) -> bool:
    return any(_same(phrase[0], word) and _follows(phrase[1:], words, at) for at, word in enumerate(words))


def _follows(rest: Phrase, words: list[str], at: int) -> bool:
    for wanted in rest:
        near = range(at + 1, min(at + 2 + _GAP, len(words)))
        found = next((i for i in near if words[i] and _same(wanted, words[i])), None)
        if found is None:
            return False
        at = found
    return True


def _same(wanted: str, word: str) -> bool:
    if wanted == word:
        return True
    if len(wanted) < _FORGIVEN_FROM or not word or wanted[0] != word[0] or abs(len(wanted) - len(word)) > 1:
        return word in (f"{wanted}s", f"{wanted}e", f"{wanted}es") and len(wanted) > len("gaz")
    return OSA.distance(wanted, word, score_cutoff=1) <= 1
