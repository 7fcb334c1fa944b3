"""The words of our streets, to forgive typing mistakes. Read from the database, kept ten minutes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from crm.territory.kept import Kept
from crm.territory.models import Street
from crm.territory.spelling import readings

_ALIKE = 5  # words offered for a mistyped one
_NAME_LIKENESS = 82  # out of 100; below it, another street is meant


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every distinct word and every distinct name, both sorted."""

    words: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> Lexicon:
        distinct = tuple(sorted(set(names)))
        return cls(words=tuple(sorted({word for name in distinct for word in name.split()})), names=distinct)

    def knows(self, word: str, *, unfinished: bool) -> bool:
        """Is it one of our words, short for one, or the beginning of one?"""
        return any(self._has(reading, unfinished) for reading in readings(word))

    def _has(self, word: str, unfinished: bool) -> bool:
        at = bisect_left(self.words, word)
        if at == len(self.words):
            return False
        return self.words[at].startswith(word) if unfinished else self.words[at] == word

    def meant(self, word: str, *, unfinished: bool) -> tuple[str, ...]:
        """Our words nearest to a mistyped one, nearest only. Short words and numbers are taken as typed."""
        slips = _slips_forgiven(word)
        if not slips:
            return ()
        alike = _nearest(word, self.words, slips)
        if not alike and unfinished:
            cut = tuple(known[: len(word)] for known in self.words)
            alike = _nearest(word, cut, 1)
        return tuple(dict.fromkeys(self.words[at] for at in alike))[:_ALIKE]

    def resembling(self, name: str, *, limit: int) -> list[str]:
        """Whole names that look like this one, most alike first."""
        found = process.extract(name, self.names, scorer=fuzz.ratio, score_cutoff=_NAME_LIKENESS, limit=limit)
        return [known for known, _, _ in found]


def _slips_forgiven(word: str) -> int:
    if len(word) < 4 or word.isdigit():
        return 0
    return 1 if len(word) < 6 else 2


def _nearest(word: str, known: Sequence[str], slips: int) -> list[int]:
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=40)
    return [at for _, distance, at in found if distance == found[0][1]]


def _read(session: Session) -> Lexicon:
    return Lexicon.of(session.scalars(sa.select(Street.name_folded).distinct()))


lexicon = Kept(_read, seconds=600)
