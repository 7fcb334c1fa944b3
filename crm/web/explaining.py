"""Codes with their names, for whoever must understand a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import time
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session

from crm import territory
from crm.cases import case_references
from crm.foundation import fold
from crm.http import gettext as _
from crm.http import language, reading, typo, wiring, wording
from crm.http.dates import clock_hour
from crm.interactions import Exchange
from crm.routing import Reason, reason_sentence

Names = Callable[[str, str], str]


def names() -> Names:
    """(kind, code) → words, from what the centre goes by at this moment."""
    catalogue, _index = wiring().rulebooks.categories()
    english = language() == "en"
    with reading() as session:
        communes = {line.insee: line.name for line in territory.communes(session)}

    def category(code: str) -> str:
        found = catalogue.category(code)
        return (found.label_en if english else found.label) if found else code

    def domain(code: str) -> str:
        found = catalogue.domain(code)
        return (found.label_en if english else found.label) if found else code

    def unit(code: str) -> str:
        card = wiring().rulebooks.units().get(int(code)) if code.isdigit() else None
        return card.name if card else code

    known: Mapping[str, Callable[[str], str]] = {
        "category": category,
        "domain": domain,
        "commune": lambda code: communes.get(code, code),
        "unit": unit,
        "channel": lambda code: wording(code, "channel").lower(),
        "from": lambda at: clock_hour(time.fromisoformat(at)),
        "to": lambda at: clock_hour(time.fromisoformat(at)),
    }
    return lambda kind, code: known[kind](code) if kind in known else code


def reasons_in_words(reasons: Iterable[Reason], naming: Names) -> str:
    """« Éclairage, commune de Rivebois. Contrat de l’Est. »: what decided first, then the rule’s words."""
    held = list(reasons)
    conditions = ", ".join(reason_sentence(r, naming) for r in held if r.code != "rule")
    spoken = [conditions, *(reason_sentence(r, naming) for r in held if r.code == "rule")]
    return typo(" ".join(f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in spoken if text))


def kept_reasons(routing: Mapping[str, Any]) -> list[Reason]:
    """The reasons as they stand on a case."""
    return [Reason(line["code"], line["params"]) for line in routing.get("reasons", ())]


def category_labels() -> Callable[[str | None], str]:
    """Code → words, for a whole list."""
    catalogue, _index = wiring().rulebooks.categories()
    english, missing = language() == "en", _("Catégorie à préciser")

    def label(code: str | None) -> str:
        found = catalogue.category(code) if code else None
        if found is None:
            return missing
        return found.label_en if english else typo(found.label)

    return label


def domain_label(category_code: str) -> str:
    """The domain of a category, in words."""
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.category(category_code)
    domain = catalogue.domain(category.domain_code) if category else None
    if domain is None:
        return ""
    return domain.label_en if language() == "en" else domain.label


def category_label(code: str | None) -> str:
    return category_labels()(code)


def danger_words(code: str) -> str:
    """The danger heard, by its name: a retired one keeps it."""
    catalogue, _index = wiring().rulebooks.categories()
    danger = catalogue.danger(code)
    if danger is None:
        return code
    return danger.label_en if language() == "en" else typo(danger.label)


def unit_name(unit_id: int | None) -> str:
    card = wiring().rulebooks.units().get(unit_id or 0)
    return card.name if card else ""


def commune_names() -> dict[str, str]:
    with reading() as session:
        return {line.insee: line.name for line in territory.communes(session)}


def of_place(name: str) -> str:
    """« de Rivebois », « d’Aubry », « du Mesnil », « des Essarts »"""
    if language() == "en":
        return f"of {name}"
    if name.startswith(("Le ", "Les ")):
        article, _space, rest = name.partition(" ")
        return f"du {rest}" if article == "Le" else f"des {rest}"
    return f"d’{name}" if fold(name)[:1] in {*"aeiou"} else f"de {name}"


def references_of(session: Session, exchanges: Iterable[Exchange]) -> dict[int, str]:
    """Case's id → reference, for a list of letters or calls."""
    ids = sorted({e.case_id for e in exchanges if e.case_id is not None})
    return case_references(session, ids, current_user.actor)
