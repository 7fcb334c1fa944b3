"""What a fact is told in: one sentence for those who work here, one for the resident, or none."""

from __future__ import annotations

from dataclasses import dataclass


def N_(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    Args:
        text: for those who work here.
        public: for the resident; None when it is none of their business.
        bare, bare_public: instead of them when the fact lacks something that they name.
    """

    text: str
    public: str | None = None
    bare: str | None = None
    bare_public: str | None = None
