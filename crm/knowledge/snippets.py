"""Short texts that an advisor says aloud or pastes into an answer: which serve a demand, and when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from crm.catalogue import Catalogue

LONGEST_TITLE = 80
LONGEST_WORDS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Words for a category, for a domain, or for every demand.

    Args:
        until: the last day it is shown; None: as long as it is there.
    """

    code: str
    title: str
    words: str
    category_code: str = ""
    domain_code: str = ""
    until: date | None = None


def serving(
    snippets: Iterable[Snippet], category_code: str, domain_code: str, today: date
) -> tuple[Snippet, ...]:
    """Those of the category, then of its domain, then of every demand."""
    found = [
        one
        for one in snippets
        if one.category_code in ("", category_code)
        and one.domain_code in ("", domain_code)
        and (one.until is None or one.until >= today)
    ]
    return tuple(sorted(found, key=_closeness))


def _closeness(one: Snippet) -> tuple[bool, bool, str]:
    return (not one.category_code, not one.domain_code, one.title)


def snippet_faults(one: Snippet, known: Catalogue) -> Iterator[tuple[str, str]]:
    """(field, code of the reason) of what may not be published."""
    if not one.title:
        yield "title", "required"
    elif len(one.title) > LONGEST_TITLE:
        yield "title", "too_long"
    if not one.words:
        yield "words", "required"
    elif len(one.words) > LONGEST_WORDS:
        yield "words", "too_long"
    named = known.category(one.category_code) or known.domain(one.domain_code)
    if (one.category_code or one.domain_code) and named is None:
        yield "about", "unknown"
