"""The promises of one case: each clock, whether it was kept, what gave its date and what paused it."""

from __future__ import annotations

from datetime import date

from flask import render_template
from flask_login import current_user

from crm.access import Permission
from crm.cases import one_case
from crm.deadlines import ALARM, silence_decides_on
from crm.http import gettext as _
from crm.http import needs, reading, wiring
from crm.http.dates import today
from crm.promises import promises_of
from crm.web.calendars.blueprint import bp


@bp.get("/demandes/<reference:reference>/promesses")
@needs(Permission.CASE_VIEW)
def of_case(reference: str) -> str:
    catalogue, _index = wiring().rulebooks.categories()
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        promises = promises_of(session, current_user.actor, case, wiring().clock.now())
    category = catalogue.category(case.category_code) if case.category_code else None
    silence_on: date | None = None
    if category and category.decision_months and case.answered_at is None:
        silence_on = silence_decides_on(case.received_at, category.decision_months)
    return render_template(
        "web/calendars/promises.html",
        case=case,
        promises=promises,
        silence_on=silence_on,
        silence_nears=silence_on is not None and silence_on - today() <= ALARM,
        accepts=bool(category and category.decision_regime == "implicit_acceptance"),
        natures=_natures(),
        verdicts=_verdicts(),
        rules=_rules(),
    )


def _natures() -> dict[str, str]:
    return {
        "receipt": _("Accusé envoyé"),
        "first_answer": _("Première réponse d’une personne"),
        "acceptance": _("Prise en charge par le service"),
        "resolution": _("Traitement par le service"),
        "answer": _("Réponse à l’usager, à la date annoncée"),
    }


def _verdicts() -> dict[str, tuple[str, str]]:
    """Word and tone."""
    return {
        "kept": (_("Tenue"), "ok"),
        "missed": (_("Manquée"), "danger"),
        "runs": (_("En cours"), "info"),
        "late": (_("Dépassée"), "danger"),
        "stopped": (_("Sans objet"), "plain"),
    }


def _rules() -> dict[str, str]:
    return {
        "receipt": _("un jour ouvré après la réception"),
        "first_answer": _("cinq jours ouvrés après la réception"),
        "acceptance": _("un jour ouvré après l’arrivée au service"),
        "acceptance_adapted": _("délai adapté : plus court qu’un jour ouvré après l’arrivée au service"),
        "acceptance_urgent": _("trente minutes, jour et nuit"),
        "category": _("délai de la catégorie, depuis la réception"),
        "reopened": _("délai de la catégorie, depuis la réouverture"),
        "raised": _("priorité relevée à la main"),
        "delay": _("nouvelle date annoncée après un retard"),
        "given": _("date donnée avec la demande, ou avant un changement de calendrier"),
        "announced": _("première date annoncée à l’usager, jamais réécrite"),
    }
