"""What each page shows besides the draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from crm.attachments import staged_files
from crm.cases import Assessment, Said, assess
from crm.catalogue import Catalogue, Category
from crm.foundation import clean
from crm.http import gettext as _
from crm.http import wiring
from crm.http.answers import told_answers
from crm.intake import resolve_place
from crm.portal.dangers import alerts
from crm.portal.report.checks import asks_place, category_of, own_answers
from crm.portal.report.draft import AS_WRITTEN, UNKNOWN, Draft
from crm.portal.report.picking import PICK, shown
from crm.portal.report.whereabouts import code_of, place_given, whereabouts
from crm.portal.words import english, handling, named
from crm.territory import communes

# The boxes of each page: every other one travels hidden.
BOXES: Mapping[str, tuple[str, ...]] = {
    "what": ("object",),
    "about": ("category",),
    "where": ("place", "insee", "hint", "spot", "spot_for", "lon", "lat"),
    PICK: ("insee",),
    "contact": ("way", "family_name", "first_name", "email", "phone", "postal"),
    "photos": (),
    "review": (),
}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    detail: str = ""


def ways() -> tuple[str, ...]:
    """How we can answer here; SMS only where a gateway is set."""
    offered = ("email", "sms", "phone", "letter")
    return tuple(way for way in offered if way != "sms" or "sms" in wiring().channels)


def ways_in_words() -> dict[str, str]:
    return {
        "email": _("Par courriel"),
        "sms": _("Par SMS"),
        "phone": _("Par téléphone : nous vous rappelons"),
        "letter": _("Par courrier postal"),
    }


def carried(step: str, draft: Draft) -> dict[str, str]:
    """What travels hidden on a page."""
    shown = BOXES[step]
    return {
        name: text
        for name, text in draft.texts().items()
        if text and name not in shown and not (step == "where" and name.startswith("q_"))
    }


def screen(step: str, session: Session, draft: Draft) -> dict[str, Any]:
    catalogue = wiring().rulebooks.categories()[0]
    category = category_of(draft, catalogue)
    shown = {"category": category, "alerts": alerts(catalogue, draft.object, category)}
    return shown | _SCREENS[step](session, draft, catalogue, category)


def _what(session: Session, draft: Draft, catalogue: Catalogue, category: Category | None) -> dict[str, Any]:
    return {"alerts": []}


def _about(session: Session, draft: Draft, catalogue: Catalogue, category: Category | None) -> dict[str, Any]:
    _catalogue, index = wiring().rulebooks.categories()
    look = clean(request.form.get("look", ""))[:200]
    likely = [catalogue.categories[found.code] for found in index.suggest(look or draft.object, 5)]
    if category and category not in likely:
        likely.append(category)
    options = [Option(leaf.code, named(leaf), handling(leaf)) for leaf in likely]
    options.append(Option(UNKNOWN, _("Je ne sais pas"), _("Un agent choisira à votre place.")))
    domains = [
        (named(domain), [Option(leaf.code, named(leaf)) for leaf in catalogue.in_domain(domain.code)])
        for domain in catalogue.domains
        if catalogue.in_domain(domain.code)
    ]
    return {"options": options, "domains": domains, "look": look}


def _where(session: Session, draft: Draft, catalogue: Catalogue, category: Category | None) -> dict[str, Any]:
    found = whereabouts(session, draft)
    proposed = [Option(code_of(hit), hit.label, _doubt(hit.number_unknown)) for hit in found.proposed]
    if proposed:
        kept = _("Aucune de ces adresses : gardez ce que j’ai écrit")
        proposed.append(Option(AS_WRITTEN, kept, _("Un agent trouvera l’endroit.")))
    lines = [line for line in communes(session) if not line.is_preparing]
    outside = _("hors de la métropole")
    return {
        "asks_place": asks_place(category),
        "at_home": category is not None and category.place == "home",
        "proposed": proposed,
        "communes": [
            Option(line.insee, line.name if line.is_member else f"{line.name} ({outside})")
            for line in sorted(lines, key=lambda line: not line.is_member)
        ],
        "questions": [
            (question, named(question), [Option(c.value, _choice(c)) for c in question.choices])
            for question in (category.questions if category else ())
        ],
    }


def _photos(
    session: Session, draft: Draft, catalogue: Catalogue, category: Category | None
) -> dict[str, Any]:
    held = staged_files(session, draft.files)
    return {"staged": held, "limits": wiring().settings.files, **_fate(session, draft, category)}


def _picking(
    session: Session, draft: Draft, catalogue: Catalogue, category: Category | None
) -> dict[str, Any]:
    return shown(session, draft, request.form)


def _choice(choice: Any) -> str:
    return str(choice.label_en if english() else choice.label)


def _doubt(number_unknown: bool) -> str:
    return _("Nous ne connaissons pas ce numéro : c’est le plus proche.") if number_unknown else ""


def _contact(
    session: Session, draft: Draft, catalogue: Catalogue, category: Category | None
) -> dict[str, Any]:
    words = ways_in_words()
    options = [Option(way, words[way]) for way in ways()]
    anonymous = _("Nous ne pourrons ni vous répondre ni vous poser une question.")
    options.append(Option("none", _("Je reste anonyme, sans réponse"), anonymous))
    return {"ways": options, **_fate(session, draft, category)}


def _review(
    session: Session, draft: Draft, catalogue: Catalogue, category: Category | None
) -> dict[str, Any]:
    answers = told_answers(category, own_answers(category, draft.answers)) if category else []
    staged = staged_files(session, draft.files)
    return {"answers": answers, "staged": staged, **_fate(session, draft, category)}


def _fate(session: Session, draft: Draft, category: Category | None) -> dict[str, Any]:
    """Who is competent and by when, as it will be decided; and what of the place we know."""
    found = whereabouts(session, draft) if asks_place(category) else None
    given = place_given(session, draft, found) if found else None
    said = Said(
        category_code=category.code if category else None,
        object=draft.object,
        answers=own_answers(category, draft.answers) if category else {},
        channel="web",
        received_at=wiring().clock.now(),
        **({"place": resolve_place(session, given)} if given else {}),
    )
    decided = assess(wiring().rulebooks.current(), said)
    unit_id = decided.decision.unit_id
    return {
        "spot_words": said.place.label,
        "place_lost": bool(found and found.lost),
        "ours": decided.decision.kind in {"route", "qualify"},
        "advice": advice_of(decided),
        "unit": wiring().rulebooks.units().get(unit_id) if unit_id is not None else None,
        "due_at": decided.due_at,
        "priority": decided.priority,
    }


def advice_of(decided: Assessment) -> str:
    decision = decided.decision
    return decision.advice_en or decision.advice if english() else decision.advice


_SCREENS: Mapping[str, Callable[[Session, Draft, Catalogue, Category | None], dict[str, Any]]] = {
    PICK: _picking,
    "what": _what,
    "about": _about,
    "where": _where,
    "photos": _photos,
    "contact": _contact,
    "review": _review,
}
