"""What every page of one category, danger or outcome shows: its state, its tabs, what is to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template, url_for
from sqlalchemy.orm import Session

from crm.catalogue import (
    CATEGORY,
    DANGER,
    OUTCOME,
    Mistake,
    Working,
    category_mistakes,
    danger_mistakes,
    outcome_mistakes,
    working,
)
from crm.http import gettext as _
from crm.http import typo
from crm.http.dates import today
from crm.staff import agent_names
from crm.web.catalogue.resting import bearing_on
from crm.web.catalogue.saying import mistake_words

SUBJECTS: Mapping[str, str] = {"categories": CATEGORY, "dangers": DANGER, "issues": OUTCOME}
THINGS = {subject: thing for thing, subject in SUBJECTS.items()}


def framed(
    session: Session, one: Working, template: str, here: str, status: int = 200, **shown: Any
) -> tuple[str, int]:
    wrong = mistakes(session, one) if one.draft else []
    who = {one.draft.written_by} if one.draft and one.draft.written_by else set[int]()
    html = render_template(
        f"web/catalogue/{template}.html",
        one=one,
        thing=THINGS[one.subject],
        listed_under=_list_words()[one.subject],
        title=title_of(one),
        at_rest=_at_rest(one),
        retired=_retired(one),
        to_mend=[(_page_of(one, mistake), mistake_words(mistake)) for mistake in wrong],
        drafted_by="".join(agent_names(session, who).values()),
        tabs=_tabs(one, here),
        **shown,
    )
    return html, status


def read(session: Session, thing: str, code: str) -> Working:
    return working(session, SUBJECTS[thing], code, today())


def title_of(one: Working) -> str:
    return typo(one.content["label"])


def _list_words() -> dict[str, str]:
    return {CATEGORY: _("Catégories"), DANGER: _("Mots de danger"), OUTCOME: _("Issues")}


def _at_rest(one: Working) -> str:
    """What is said of it while there is no draft."""
    if (one.in_force or {}).get("is_active", True):
        return _("En vigueur. Le premier changement commence un brouillon.")
    if one.subject == DANGER:
        return _("Retiré : il n’alerte plus, et nomme encore ce qui a été entendu avant.")
    return _("Hors service : elle nomme encore les demandes d’avant.")


def mistakes(session: Session, one: Working) -> list[Mistake]:
    if one.subject == DANGER:
        return danger_mistakes(one.content)
    if one.subject == OUTCOME:
        return outcome_mistakes(one.content, one.known)
    return category_mistakes(one.content, one.known, bearing_on(session, one))


def _retired(one: Working) -> date | None:
    told = one.content.get("retired_on")
    return date.fromisoformat(told) if told else None


def _page_of(one: Working, mistake: Mistake) -> str:
    """Where it is mended."""
    step = mistake.at[0]
    if one.subject != CATEGORY:
        return url_for(f"catalogue.{one.subject}", code=one.code, _anchor=str(step))
    if step in {"retired_on", "replaced_by"}:
        return url_for("catalogue.retirement", code=one.code)
    if step == "question":
        rank = mistake.at[1] if len(mistake.at) > 1 else None
        if rank is None:
            return url_for("catalogue.questions", code=one.code)
        return url_for("catalogue.question", code=one.code, rank=int(rank) + 1)
    return url_for("catalogue.category", code=one.code, _anchor=str(step))


def _tabs(one: Working, here: str) -> list[dict[str, Any]]:
    thing = THINGS[one.subject]
    rest: list[tuple[str, str, None]] = [("danger_retirement", _("Retirer"), None)] if one.in_force else []
    listed: Mapping[str, list[tuple[str, str, int | None]]] = {
        CATEGORY: [
            ("category", _("Catégorie"), None),
            ("questions", _("Questions"), len(one.content.get("question", ()))),
            ("retirement", _("Retirer"), None),
        ],
        DANGER: [("danger", _("Danger"), None), *rest],
        OUTCOME: [("outcome", _("Issue"), None)],
    }
    shared = [("trial", _("Essayer")), ("publication", _("Publier")), ("history", _("Historique"))]
    return [
        *(_tab(name, label, count, here, code=one.code) for name, label, count in listed[one.subject]),
        *(_tab(name, label, None, here, thing=thing, code=one.code) for name, label in shared),
    ]


def _tab(name: str, label: str, count: int | None, here: str, **address: str) -> dict[str, Any]:
    href = url_for(f"catalogue.{name}", **address)  # type: ignore[arg-type]
    return {"label": label, "href": href, "count": count, "here": name == here}
