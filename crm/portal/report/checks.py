"""What is still missing or wrong on each page, in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from email_validator import EmailNotValidError

from crm.catalogue import Catalogue, Category, check_answers
from crm.contacts import normalise_email, normalise_phone
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import reason
from crm.portal.report.draft import LONGEST, UNKNOWN, Draft

STEPS = ("what", "about", "where", "photos", "contact", "review")
Errors = dict[str, str]  # name of the box → what to do


@dataclass(frozen=True, slots=True)
class Known:
    """What a draft is checked against."""

    catalogue: Catalogue
    communes: frozenset[str]
    ways: tuple[str, ...]


def category_of(draft: Draft, catalogue: Catalogue) -> Category | None:
    found = catalogue.in_use(draft.category_code)
    return found if found and found.is_active else None


def asks_place(category: Category | None) -> bool:
    return category is None or category.place != "none"


def steps_of(draft: Draft, catalogue: Catalogue) -> tuple[str, ...]:
    """The pages this draft goes through: where nothing is to be asked, there is no page."""
    category = category_of(draft, catalogue)
    if category and not asks_place(category) and not category.questions:
        return tuple(step for step in STEPS if step != "where")
    return STEPS


def check(step: str, draft: Draft, known: Known) -> Errors:
    return _CHECKS[step](draft, known) if step in _CHECKS else {}


def _what(draft: Draft, known: Known) -> Errors:
    return {} if draft.object else {"object": _("Écrivez en quelques mots ce qui se passe.")}


def _about(draft: Draft, known: Known) -> Errors:
    if draft.category == UNKNOWN or category_of(draft, known.catalogue):
        return {}
    return {"category": _("Choisissez une ligne, ou « Je ne sais pas ».")}


def _where(draft: Draft, known: Known) -> Errors:
    category = category_of(draft, known.catalogue)
    errors = _too_long(draft, "place", "hint")
    if asks_place(category) and not (draft.place or draft.insee or draft.hint or draft.point):
        errors["place"] = _("Écrivez l’adresse la plus proche, ou choisissez au moins la commune.")
    if draft.insee and draft.insee not in known.communes:
        errors["insee"] = reason("unknown")
    return errors | (_answers(category, draft.answers) if category else {})


def _answers(category: Category, answers: Mapping[str, str]) -> Errors:
    try:
        check_answers(category.questions, own_answers(category, answers))
    except Invalid as refusal:
        return {f"q_{key}": reason(code) for key, code in refusal.fields.items()}
    return {}


def own_answers(category: Category, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to this category's questions; those to another, chosen before, are left aside."""
    asked = {question.key for question in category.questions}
    return {key: text for key, text in answers.items() if key in asked}


def _contact(draft: Draft, known: Known) -> Errors:
    if draft.way == "none":
        return {}
    if draft.way not in known.ways:
        return {"way": _("Choisissez comment vous voulez notre réponse.")}
    errors = _too_long(draft, "family_name", "first_name", "email", "phone", "postal")
    if draft.way == "email" or draft.email:
        errors |= _email(draft)
    if draft.way in {"phone", "sms"} or draft.phone:
        errors |= _phone(draft)
    if draft.way == "letter":
        errors |= _letter(draft)
    return errors


def _email(draft: Draft) -> Errors:
    with suppress(EmailNotValidError):
        normalise_email(draft.email)
        return {}
    return {"email": reason("email")}


def _phone(draft: Draft) -> Errors:
    return {} if normalise_phone(draft.phone).e164 else {"phone": reason("phone")}


def _letter(draft: Draft) -> Errors:
    errors: Errors = {}
    if not draft.family_name:
        errors["family_name"] = _("Écrivez votre nom : il figure sur l’enveloppe.")
    if not re.search(r"\d{4,5}", draft.postal):
        errors["postal"] = _("Écrivez l’adresse en entier, avec le code postal et la ville.")
    return errors


def _too_long(draft: Draft, *names: str) -> Errors:
    return {name: reason("too_long") for name in names if len(getattr(draft, name)) > LONGEST[name]}


_CHECKS: Mapping[str, Callable[[Draft, Known], Errors]] = {
    "what": _what,
    "about": _about,
    "where": _where,
    "contact": _contact,
}
