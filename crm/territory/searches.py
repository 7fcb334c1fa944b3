"""Turns a typed address into what to look for: as typed first, then forgiving mistakes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from crm.territory.atlas import Atlas, CommuneLine
from crm.territory.lexicon import Lexicon
from crm.territory.spelling import TITLES, readings, telling
from crm.territory.typed import Typed

Places = frozenset[str] | None  # INSEE codes; None: everywhere
_COMMUNE_LIKENESS = 80  # out of 100
_ALIKE_NAMES = 5


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for among street names.

    Args:
        words: for each word, its acceptable readings; all words must be there, in any order.
        key: the name as typed, to rank by; with `names`, only those whole names are looked for.
        unfinished: the last word may be the beginning of a longer one.
    """

    typed: Typed
    places: Places
    key: str
    words: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    unfinished: bool = False

    def lexemes(self) -> str:
        """As a PostgreSQL tsquery. Words come from `fold`: letters and digits, no quote to escape."""
        last = len(self.words) - 1
        return " & ".join(
            "("
            + " | ".join(f"'{word}':*" if at == last and self.unfinished else f"'{word}'" for word in words)
            + ")"
            for at, words in enumerate(self.words)
        )


def as_typed(ground: Atlas, typed: Typed, within: Places) -> Iterator[Search]:
    """As a street's name first, then as a street's name followed by a commune's."""
    if not telling(typed.words):
        return
    cut = commune_at_end(ground, typed)
    after_comma = cut and typed.tail == len(typed.words) - cut[0]
    if not after_comma:
        words = tuple(map(readings, typed.words))
        yield Search(typed, within, _in_full(typed.words), words, unfinished=not typed.ended)
    if cut:
        head = typed.words[: cut[0]]
        yield Search(typed, _both(cut[1], within), _in_full(head), tuple(map(readings, head)))


def forgiving(known: Lexicon, ground: Atlas, typed: Typed, within: Places) -> Iterator[Search]:
    """With mistyped words replaced by the nearest known ones, then by the likeness of whole names."""
    if not telling(typed.words):
        return
    heads = list(_heads(ground, typed, within))
    for head, places, unfinished in heads:
        mended = [_mended(known, word, unfinished and at == len(head) - 1) for at, word in enumerate(head)]
        if all(mended):
            yield from _with_or_without_kind(typed, places, mended, unfinished)
    for head, places, _ in heads:
        if names := known.resembling(_in_full(head), limit=_ALIKE_NAMES):
            yield Search(typed, places, names[0], names=tuple(names))


def _heads(ground: Atlas, typed: Typed, within: Places) -> Iterator[tuple[tuple[str, ...], Places, bool]]:
    """What may be the name of the street, in which communes, and whether its last word may be unfinished."""
    cut = commune_at_end(ground, typed)
    if cut:
        head = typed.words[: cut[0]]
        yield head, _both(cut[1], within), False
        yield head, within, False  # perhaps the commune is wrong: each hit says its own
        return
    yield typed.words, within, not typed.ended
    if alike := _commune_alike(ground, typed):
        yield typed.words[: alike[0]], _both(alike[1], within), False


def _with_or_without_kind(
    typed: Typed, places: Places, words: Sequence[tuple[str, ...]], unfinished: bool
) -> Iterator[Search]:
    """Called a street for an avenue, a general for a marshal: when only that is wrong, the name suffices."""
    yield Search(typed, places, " ".join(word[0] for word in words), tuple(words), unfinished=unfinished)
    bare = tuple(word for word in words if telling(word) and not TITLES.intersection(word))
    if bare and len(bare) < len(words):
        yield Search(typed, places, " ".join(word[0] for word in bare), bare, unfinished=unfinished)


def commune_at_end(ground: Atlas, typed: Typed) -> tuple[int, frozenset[str]] | None:
    """Where the name of a commune begins among the words, and which communes it may be."""
    for start in range(1, len(typed.words)):
        if not telling(typed.words[:start]):
            continue
        if found := communes_called(ground, typed.words[start:], ended=typed.ended):
            return start, frozenset(line.insee for line in found)
    return None


def communes_called(ground: Atlas, words: Sequence[str], *, ended: bool) -> list[CommuneLine]:
    """Communes whose name begins with these words, the last one perhaps unfinished."""
    *first, last = _in_full(words).split()
    found = []
    for line in ground.communes:
        name = line.key.split()
        if name[: len(first)] != first or len(name) <= len(first):
            continue
        next_word = name[len(first)]
        if next_word == last or (not ended and len(last) > 1 and next_word.startswith(last)):
            found.append(line)
    return found


def _commune_alike(ground: Atlas, typed: Typed) -> tuple[int, frozenset[str]] | None:
    """The same when the name of the commune is mistyped."""
    best, found = 0.0, None
    for start in range(1, len(typed.words)):
        tail = _in_full(typed.words[start:])
        if len(tail) < 4 or not telling(typed.words[:start]):
            continue
        for line in ground.communes:
            likeness = fuzz.ratio(tail, line.key, score_cutoff=_COMMUNE_LIKENESS)
            if likeness > best:
                best, found = likeness, (start, frozenset({line.insee}))
    return found


def _mended(known: Lexicon, word: str, unfinished: bool) -> tuple[str, ...]:
    if known.knows(word, unfinished=unfinished):
        return readings(word)
    return known.meant(word, unfinished=unfinished)


def _in_full(words: Sequence[str]) -> str:
    return " ".join(readings(word)[:2][-1] for word in words)


def _both(places: frozenset[str], within: Places) -> frozenset[str]:
    return places if within is None else places & within
