"""Hearing a danger in what someone says: whole words only, small typing errors forgiven. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from crm.catalogue.shapes import Catalogue, Danger
from crm.foundation import fold

_FORGIVEN_FROM = 7  # letters: a shorter word with one letter changed is too often another word
_GAP = 1  # words that may slip inside a phrase: "fils (tout) dénudés"
_MOST_WORDS = 400  # beyond, a message is a letter: its danger would be at its head
_MASK = ""
# Everyday words that stand one letter from a danger's and are no slip: "adresse" is not "agressé".
_ORDINARY = frozenset({"adresse", "adresses", "adresser", "adressee"})

Phrase = tuple[str, ...]
Places = Mapping[str, Sequence[int]]  # first letter → where the words that begin with it stand


def dangers_in(catalogue: Catalogue, text: str) -> list[Danger]:
    """Dangers that the words announce, in the catalogue's order."""
    words = fold(text).split()[:_MOST_WORDS]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(words):
        places[word[0]].append(at)
    return [danger for danger in catalogue.dangers if danger.is_active and _heard(danger, words, places)]


def _heard(danger: Danger, words: list[str], places: Places) -> bool:
    said = [phrase for phrase in _phrases(danger.words) if _spans(phrase, words, places)]
    if not said:
        return False  # nearly always: what is harmless needs no looking for
    left = list(words)
    for phrase in _phrases(danger.unless):
        _mask(phrase, left)
    return any(_spans(phrase, left, places) for phrase in said)


@lru_cache(maxsize=64)
def _phrases(said: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(tuple(fold(phrase).split()) for phrase in said)


def _mask(phrase: Phrase, words: list[str]) -> None:
    """Blot out, in place, each time the harmless phrase is said."""
    for start in range(len(words) - len(phrase) + 1):
        if all(_same(a, b) for a, b in zip(phrase, words[start:], strict=False)):
            words[start : start + len(phrase)] = [_MASK] * len(phrase)


def _spans(phrase: Phrase, words: list[str], places: Places) -> bool:
    """Only words of the same first letter may be the same word, misspelt or not."""
    first = phrase[0]
    near = places.get(first[0])
    if not near:
        return False
    return any(_same(first, words[at]) and _follows(phrase[1:], words, at) for at in near)


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
    if word in _ORDINARY:
        return False
    if len(wanted) < _FORGIVEN_FROM or not word or wanted[0] != word[0] or abs(len(wanted) - len(word)) > 1:
        return word in (f"{wanted}s", f"{wanted}e", f"{wanted}es") and len(wanted) > len("gaz")
    return OSA.distance(wanted, word, score_cutoff=1) <= 1
