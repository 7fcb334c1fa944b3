"""What an address or a form names: a text by its use, its words, and what the page had seen of it."""

from __future__ import annotations

from flask import abort
from werkzeug.datastructures import MultiDict

from crm.http import whole_number, wiring
from crm.knowledge import CHANNELS, MESSAGES, TRANSLATIONS, ReplyTemplate, Use, faults_of_use, text_for_use

Typed = MultiDict[str, str]


def use_in(typed: Typed) -> Use:
    """`sujet` is a category or a domain. What does not exist has no page."""
    known, _index = wiring().rulebooks.categories()
    about = typed.get("sujet", "")
    category, domain = ("", about) if known.domain(about) else (about, "")
    use = Use(
        typed.get("message", ""),
        typed.get("issue", ""),
        typed.get("canal", ""),
        category,
        domain,
        typed.get("langue", ""),
    )
    named = use.message in MESSAGES and use.channel in ("", *CHANNELS) and use.language in ("", *TRANSLATIONS)
    if not named or any(faults_of_use(use, known)):
        abort(404)
    return use


def address_of(use: Use) -> dict[str, str]:
    named = {
        "message": use.message,
        "issue": use.outcome,
        "canal": use.channel,
        "sujet": use.category_code or use.domain_code,
        "langue": use.language,
    }
    return {name: value for name, value in named.items() if value}


def text_in(use: Use, typed: Typed) -> ReplyTemplate:
    return text_for_use(use, subject=lines(typed.get("objet", "")), body=lines(typed.get("texte", "")))


def lines(typed: str) -> str:
    """As a form sends line breaks, and as the house keeps them."""
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()


def seen_in(typed: Typed) -> int:
    return whole_number(typed.get("seen")) or 0
