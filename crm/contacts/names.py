"""Names: how they are shown, folded, and found again in spite of accents, order, ear and slips."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from crm.foundation import fold

_MOST_WORDS = 12
_LONGEST_WORD = 60  # PostgreSQL refuses lexemes over 2 kB
_CIVILITIES = frozenset({"m", "mr", "mme", "mlle", "madame", "mademoiselle", "monsieur"})
# Applied in this order; what French ears hear the same is written the same.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?:eaux|eau|aulx|ault|auld|auds|aud|auts|aut|aux|au)$", "o"),
        (r"eau|au", "o"),
        (r"[ae][iy]", "e"),
        (r"ph", "f"),
        (r"sch|sh|ch", "x"),
        (r"gn", "n"),
        (r"gu(?=[eiy])", "g"),
        (r"g(?=[eiy])|dj", "j"),
        (r"bv", "v"),
        (r"c(?=[eiy])", "s"),
        (r"ck|cq|qu|q|c", "k"),
        (r"h", ""),
        (r"w", "v"),
        (r"z", "s"),
        (r"m(?=[bp])", "n"),
        (r"y", "i"),
        (r"(.)\1+", r"\1"),
        (r"(?<=..)[tdspx]+$", ""),
    )
)


def display_name(kind: str, first_name: str, family_name: str, organization_name: str) -> str:
    """`Aïcha Diallo`, or the organisation and who speaks for it: `Syndic Les Tilleuls (Aïcha Diallo)`."""
    person = " ".join(part for part in (first_name, family_name) if part)
    if kind == "organization" and organization_name:
        return f"{organization_name} ({person})" if person else organization_name
    return person or organization_name


def words(text: str) -> list[str]:
    """The folded words of what was typed, without « Mme » and the like unless nothing else is there."""
    found = [word[:_LONGEST_WORD] for word in fold(text[:2000]).split()][:_MOST_WORDS]
    return [word for word in found if word not in _CIVILITIES] or found


def sound(word: str) -> str:
    """A French phonetic key: `lefebvre` and `lefaivre` both give `lfvr`. Empty when too short to tell."""
    if not word.isascii() or not word.isalpha():
        return ""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    key = word[:1] + re.sub(r"[aeiou]", "", word[1:])
    return key if len(key) > 1 else ""


def slips(word: str) -> list[str]:
    """The word with any one letter missing. Two words one slip apart have one of these in common."""
    if not 4 <= len(word) <= 20:
        return []
    return sorted({word[:i] + word[i + 1 :] for i in range(len(word))})


def lexemes(first_name: str, family_name: str, organization_name: str) -> list[str]:
    """What a contact is found by: words as they are, `~` their sounds, `^` the slips of the family name."""
    family, others = words(family_name), words(first_name) + words(organization_name)
    joined = {"".join(pair)[:_LONGEST_WORD] for pair in pairwise(family)}  # « Ben Ali », « Benali »
    plain = {*family, *others, *joined}
    sounds = {f"~{key}" for word in plain if (key := sound(word))}
    slipped = {
        f"^{slip}" for word in (*family, *joined, *words(organization_name)[:3]) for slip in slips(word)
    }
    return sorted(plain | sounds | slipped)


def exact_query(typed: list[str]) -> str:
    """A tsquery: every word as typed."""
    return " & ".join(f"'{word}'" for word in typed)


def beginning_query(typed: list[str]) -> str:
    """A tsquery: every word, the last one perhaps unfinished; words split in two count as one too."""
    *whole, last = typed
    unfinished = f"'{last}':*" if len(last) > 1 or whole else f"'{last}'"
    query = " & ".join([*(f"'{word}'" for word in whole), unfinished])
    return f"({query}) | '{''.join(typed)[:_LONGEST_WORD]}':*" if whole else query


def slips_query(typed: list[str]) -> str:
    """A tsquery: every word, perhaps one letter too many, too few, wrong or misplaced."""
    return _all(typed, lambda word: [f"^{word}", *(f"^{slip}" for slip in slips(word)), *slips(word)])


def sounds_query(typed: list[str]) -> str:
    """A tsquery: every word as it sounds."""
    return _all(typed, lambda word: [f"~{key}"] if (key := sound(word)) else [])


def _all(typed: list[str], alternatives: Callable[[str], list[str]]) -> str:
    groups = [[word, *alternatives(word)] for word in typed]
    return " & ".join(f"({' | '.join(map(_quote, group))})" for group in groups)


def _quote(lexeme: str) -> str:
    return f"'{lexeme}'"  # folded words hold letters and digits only: no quote to escape


def folded(parts: Iterable[str]) -> str:
    return fold(" ".join(part for part in parts if part))
