"""Which text serves for what: all those of a message, or the ones that win for a category."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask_login import current_user

from crm.access import Permission, allows
from crm.catalogue import Category
from crm.http import needs, reading, wiring, wording
from crm.knowledge import (
    CHANNELS,
    ELSEWHERE,
    MESSAGES,
    REPLY,
    ReplyTemplate,
    Use,
    key_of,
    reply_templates,
    use_of,
    winner,
)
from crm.revisions import drafts_of, published_keys
from crm.web.words.asked import address_of
from crm.web.words.blueprint import bp
from crm.web.words.choosing import about_choices, outcome_choices
from crm.web.words.saying import message_words, use_words


@dataclass(frozen=True, slots=True)
class Line:
    """One text of the list. `text` is None while it is but a draft."""

    words: str
    address: dict[str, str]
    text: ReplyTemplate | None
    has_draft: bool
    on_screen: bool
    english: English | None


@dataclass(frozen=True, slots=True)
class English:
    """The translation that stands below a text. `is_own`: written for it, not a more general one."""

    address: dict[str, str]
    stands: bool
    is_own: bool
    has_draft: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """The text that wins for an outcome and a channel."""

    words: str
    address: dict[str, str]
    is_own: bool


@bp.get("/modeles")
@needs(Permission.CONTENT_VIEW)
def replies() -> str:
    """`?message=answer&sujet=ECLA-05`: for a category, the text that each of its messages is made of."""
    known, _index = wiring().rulebooks.categories()
    message = request.args.get("message", "")
    message = message if message in MESSAGES else "answer"
    category = known.category(request.args.get("sujet", ""))
    with reading() as session:
        texts = reply_templates(session, message)
        lines = _lines(message, texts, set(drafts_of(session, REPLY)), published_keys(session, REPLY))
    return render_template(
        "web/words/replies.html",
        message=message,
        kinds=message_words(),
        abouts=about_choices(category.code if category else ""),
        outcomes=outcome_choices() if message == "answer" else [],
        channel_choices=[(channel, wording(channel, "channel")) for channel in CHANNELS],
        channel_labels=[wording(channel, "channel") for channel in CHANNELS],
        category=category,
        lines=lines,
        winners=_winners(message, texts, category) if category else [],
        may_edit=allows(current_user.actor, Permission.CONTENT_EDIT),
    )


def _lines(
    message: str, texts: tuple[ReplyTemplate, ...], drafts: set[str], on_screen: frozenset[str]
) -> list[Line]:
    held = {text.use: text for text in texts}
    begun = {use_of(key) for key in drafts if use_of(key).message == message}
    named = held.keys() | begun
    return [
        Line(
            words=use_words(use),
            address=address_of(use),
            text=held.get(use),
            has_draft=use in begun,
            on_screen=key_of(use) in on_screen,
            english=_english(use, texts, begun),
        )
        for use in sorted(named)
        if not (use.language and use._replace(language="") in named)
    ]


def _english(use: Use, texts: tuple[ReplyTemplate, ...], begun: set[Use]) -> English | None:
    """None for what goes to other bodies, and for a translation that stands alone in the list."""
    if use.language or use.message in ELSEWHERE:
        return None
    known, _index = wiring().rulebooks.categories()
    own = use._replace(language="en")
    found = winner(texts, own, known)
    return English(address_of(own), found is not None, found is not None and found.use == own, own in begun)


def _winners(
    message: str, texts: tuple[ReplyTemplate, ...], category: Category
) -> list[tuple[dict[str, str], str, list[Cell | None]]]:
    """(address of its own text, outcome, a cell for each channel); a row for each way the category ends."""
    known, _index = wiring().rulebooks.categories()
    outcomes = category.outcomes if message == "answer" else ("",)
    rows = []
    for outcome in outcomes:
        own = address_of(Use(message, outcome, category_code=category.code))
        found = [winner(texts, Use(message, outcome, channel, category.code), known) for channel in CHANNELS]
        cells = [
            Cell(use_words(text.use), address_of(text.use), text.category_code == category.code)
            if text
            else None
            for text in found
        ]
        rows.append((own, use_words(Use(message, outcome)), cells))
    return rows
