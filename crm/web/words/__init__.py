"""What the centre writes and says: reply templates and short texts, drafted, tried, published."""

from crm.web.words import (
    listing,
    publishing_snippets,
    snippets,
    trying,
    writing,
)
from crm.web.words.blueprint import bp

__all__ = ["bp", "listing", "publishing_snippets", "snippets", "trying", "writing"]
