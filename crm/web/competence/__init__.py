"""Who is competent, as data: read, drafted, tried, published; and why a demand went where it went."""

from crm.web.competence import (
    editing,
    home,
    learning,
    publishing,
    quality,
    reading,
    settings_pages,
    trying,
    versions,
    why,
)
from crm.web.competence.blueprint import bp

__all__ = [
    "bp",
    "editing",
    "home",
    "learning",
    "publishing",
    "quality",
    "reading",
    "settings_pages",
    "trying",
    "versions",
    "why",
]
