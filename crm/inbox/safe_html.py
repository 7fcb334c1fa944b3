"""The layout of a mail, made harmless: no script, no form, no style, nothing fetched from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import nh3

LONGEST = 500_000  # characters: beyond, the text and the original are what one reads
_DROPPED_WHOLE = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math"})
_CELLS = frozenset({"colspan", "rowspan", "align", "valign"})
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": set(_CELLS),
    "th": set(_CELLS),
    "*": {"lang", "dir"},
}


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """
    Args:
        blocked: pictures that would have been fetched from elsewhere: they tell the sender who reads.
    """

    html: str
    blocked: int


def safe_html(html: str) -> SafeHtml | None:
    """What may be shown in a frame of its own; None when there is nothing, or too much."""
    if not html.strip() or len(html) > LONGEST:
        return None
    blocked = 0

    def kept(tag: str, name: str, value: str) -> str | None:
        nonlocal blocked
        if tag != "img" or name != "src":
            return None if value.lower().lstrip().startswith("data:") else value
        if value.lower().startswith(("data:image/png", "data:image/jpeg", "data:image/gif")):
            return value
        blocked += 1
        return None

    cleaned = nh3.clean(
        html,
        tags=set(nh3.ALLOWED_TAGS) | {"font", "section"},
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel="noopener noreferrer nofollow",
    )
    return SafeHtml(cleaned, blocked)
