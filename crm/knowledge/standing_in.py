"""Which text serves for what: the one that wins, and the one that speaks when another is removed. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from crm.catalogue import Catalogue
from crm.knowledge.templates import ReplyTemplate, Use, choose


def winner(texts: Iterable[ReplyTemplate], use: Use, known: Catalogue) -> ReplyTemplate | None:
    """What a message for exactly this use is made of."""
    category = known.category(use.category_code)
    return choose(
        texts,
        use.message,
        outcome=use.outcome,
        channel=use.channel,
        category_code=use.category_code,
        domain_code=category.domain_code if category else use.domain_code,
        language=use.language,
    )


def stand_in(texts: Iterable[ReplyTemplate], use: Use, known: Catalogue) -> ReplyTemplate | None:
    """What would speak in place of the text of this use. For an SMS, only what was written to be short."""
    found = winner((text for text in texts if text.use != use), use, known)
    if found is not None and use.channel == "sms" and found.channel != "sms":
        return None
    return found
