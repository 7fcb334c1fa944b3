"""Short texts for the demand at hand, from memory: beside the form of a call, beside an answer."""

from __future__ import annotations

from crm.catalogue import Category
from crm.http import wiring
from crm.http.dates import today
from crm.knowledge import Snippet, serving


def ready_words(category: Category | None) -> tuple[Snippet, ...]:
    """Nothing as long as nobody knows what it is about."""
    if category is None:
        return ()
    return serving(wiring().rulebooks.snippets(), category.code, category.domain_code, today())
