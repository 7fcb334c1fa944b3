"""What is found for the words of the box, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases import (
    COUNTED_UP_TO,
    FoundCase,
    Mistyped,
    cases_by_reach,
    cases_by_references,
    parse_reference,
    possible_references,
    search_cases,
    spoken_words,
)
from crm.contacts import ContactHit
from crm.foundation import PARIS
from crm.http import cursor_of, holds, ngettext, passed_in, wiring
from crm.http import gettext as _
from crm.http.dates import ago
from crm.web.explaining import category_labels, commune_names, unit_name
from crm.web.finding.marking import Part, marked
from crm.web.usagers import known_and_others

_REFERENCE_LIKE = frozenset("0123456789-·. –")
_PEOPLE, _REFERENCES = 8, 8


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A demand found, with its words."""

    case: FoundCase
    category: str
    title: list[Part]
    place: list[Part]
    commune: str
    unit: str
    age: str


@dataclass(frozen=True, slots=True)
class PersonResult:
    hit: ContactHit
    name: list[Part]


@dataclass(frozen=True, slots=True)
class Results:
    """
    Args:
        said: how many were found, in a sentence for those who do not see them.
        told: what to say of a mistyped reference.
        reached: demands whose usager asked to be answered there.
        after: what asks for the demands that follow; empty when there are none.
        outside: sheets outside the perimeter that have exactly the number or e-mail that was typed.
    """

    text: str
    references: list[CaseResult]
    reached: list[CaseResult]
    is_exact: bool
    demands: list[CaseResult]
    many: str
    people: list[PersonResult]
    told: str
    said: str
    after: str = ""
    outside: Sequence[int] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.references or self.reached or self.demands or self.people or self.outside)


def results(session: Session, text: str, *, demands: int, after: str = "") -> Results:
    """A fixed number of statements, whatever is found."""
    actor, words = current_user.actor, spoken_words(text)
    pieces = [] if after else possible_references(text, wiring().clock.now().astimezone(PARIS).year)
    named = cases_by_references(session, actor, pieces, _REFERENCES)
    is_exact = len(pieces) == 1 and bool(named)
    reached = [] if after or is_exact else cases_by_reach(session, actor, text)
    found = search_cases(session, actor, text, after=passed_in(after), limit=demands)
    people, outside = ([], []) if after or is_exact else _people(session, text)
    shown = _naming()
    others = [case for case in found.cases if case not in named]
    made = Results(
        text=text,
        references=[shown(case, words) for case in named],
        reached=[shown(case, words) for case in reached],
        is_exact=is_exact,
        demands=[shown(case, words) for case in others],
        many=_many(found.count, len(others)),
        people=[PersonResult(hit, marked(hit.display_name, words)) for hit in people],
        told="" if named else _told(text),
        said="",
        after=cursor_of(found.cases[-1].received_at, found.cases[-1].id) if found.has_more else "",
        outside=outside,
    )
    return replace(made, said=_said(made))


def _people(session: Session, text: str) -> tuple[list[ContactHit], list[int]]:
    may = holds(current_user.actor.roles, frozenset({Permission.CONTACT_VIEW}))
    return known_and_others(session, text, _PEOPLE) if may else ([], [])


def _naming() -> Callable[[FoundCase, Sequence[str]], CaseResult]:
    categories, communes = category_labels(), commune_names()

    def shown(case: FoundCase, words: Sequence[str]) -> CaseResult:
        return CaseResult(
            case=case,
            category=categories(case.category_code),
            title=marked(case.object, words),
            place=marked(case.place_label, words, most=80),
            commune=communes.get(case.insee or "", ""),
            unit=unit_name(case.unit_id),
            age=ago(case.received_at),
        )

    return shown


def reference_typed(text: str) -> bool:
    """Is it a whole reference, right or mistyped?"""
    digits = sum(mark.isdigit() for mark in text)
    return 11 <= digits <= 14 and set(text) <= _REFERENCE_LIKE and text.lstrip()[:2] == "20"


def _told(text: str) -> str:
    if not reference_typed(text):
        return ""
    try:
        parse_reference(text)
    except Mistyped:
        return _("Ce numéro n’existe pas : vérifiez les deux derniers chiffres.")
    return _("Aucune demande de ce numéro dans votre périmètre.")


def _many(count: int | None, shown: int) -> str:
    """« 12 », « 1000+ », « 20+ » when they are so many that nobody counted."""
    if count is None:
        return f"{shown}+"
    return f"{COUNTED_UP_TO}+" if count > COUNTED_UP_TO else str(count)


def _said(made: Results) -> str:
    """« 1 demande de ce numéro, 12 demandes, 2 usagers »"""
    if made.is_empty:
        return made.told or _("Rien trouvé")
    parts = [
        ngettext("%(num)d numéro", "%(num)d numéros", len(made.references)) if made.references else "",
        _("%(many)s demandes", many=made.many) if len(made.demands) > 1 else "",
        _("une demande") if len(made.demands) == 1 else "",
        ngettext("%(num)d réponse demandée là", "%(num)d réponses demandées là", len(made.reached))
        if made.reached
        else "",
        ngettext("%(num)d usager", "%(num)d usagers", len(made.people)) if made.people else "",
        _("un usager hors de votre périmètre") if made.outside else "",
    ]
    return ", ".join(part for part in parts if part)
