"""One way to forget accents, case, ligatures and punctuation, for search and comparison."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """`Hélène d’Œuvre-Lefèvre` → `helene d oeuvre lefevre`. Any script is kept; only marks and case go."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(mark for mark in spread if not unicodedata.combining(mark)).translate(_LIGATURES)
    return _NOT_WORD.sub(" ", bare).strip()


_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def _storable(mark: str) -> bool:
    return mark in "\n\t" or (unicodedata.category(mark) not in {"Cc", "Cs"} and mark not in _OVERRIDES)


def clean(text: str) -> str:
    """What a person typed, as it may be stored: NFC, whole, but for marks that no reader could see.

    PostgreSQL refuses NUL in text; direction overrides (U+202A-E, U+2066-9) make a reader see another text.
    """
    return unicodedata.normalize("NFC", "".join(filter(_storable, text))).strip()
