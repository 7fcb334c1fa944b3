"""A text in French with its translation below: the French is always there, and first (CRPA L111-1). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MARKS: Mapping[str, str] = {"en": "— In English —"}
_SPLIT = re.compile(rf"\s*\n\s*({'|'.join(_MARKS.values())})\s*\n\s*")
_LANGUAGES = {mark: language for language, mark in _MARKS.items()}


def with_translation(french: str, language: str, translation: str) -> str:
    return f"{french}\n\n{_MARKS[language]}\n\n{translation}"


def by_language(text: str) -> tuple[tuple[str, str], ...]:
    """(language, words, the line that announces them included), the French first."""
    french, *rest = _SPLIT.split(text)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return (("fr", french), *((_LANGUAGES[mark], f"{mark}\n\n{words}") for mark, words in pairs))
