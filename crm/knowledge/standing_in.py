"""Which text serves for what: the one that wins, and the one that speaks when another is removed. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from crm.catalogue import Catalogue
from crm.knowledge.templates import ReplyTemplate, Use, choose


def winner(texts: Iterable[ReplyTemplate], use: Use, known: Catalogue) -> ReplyTemplate | None:
    """What a message for exactly this use is made of."""
    message, outcome, channel, category_code, domain_code = use
    category = known.category(category_code)
    return choose(
        texts,
        message,
        outcome=outcome,
        channel=channel,
        category_code=category_code,
        domain_code=category.domain_code if category else domain_code,
    )


def stand_in(texts: Iterable[ReplyTemplate], use: Use, known: Catalogue) -> ReplyTemplate | None:
    """What would speak in place of the text of this use. For an SMS, only what was written to be short."""
    found = winner((text for text in texts if text.use != use), use, known)
    if found is not None and use[2] == "sms" and found.channel != "sms":
        return None
    return found
