"""Where each setting of the house is, for whoever may open it: « Administration », by name."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from flask_login import current_user

from crm.http import gate_of, holds
from crm.http import gettext as _
from crm.web.competence.blueprint import bp


@bp.app_context_processor
def _known() -> dict[str, Any]:
    return {"settings_pages": settings_pages}  # asked by the frame alone, once somebody is there


def settings_pages() -> list[tuple[str, str]]:
    """Label and address, in the order of the page « Administration »."""
    pages = (
        (_("Versions et règles"), "competence.show"),
        (_("Qualité des règles"), "competence.quality"),
        (_("Proposer depuis le passé"), "competence.learning"),
        (_("Catégories et questions"), "catalogue.categories"),
        (_("Mots de danger"), "catalogue.dangers"),
        (_("Issues"), "catalogue.issues"),
        (_("Modèles de messages"), "words.replies"),
        (_("Éléments de réponse"), "words.elements"),
        (_("Agents"), "staff.show_agents"),
        (_("Services"), "staff.show_units"),
        (_("Organismes"), "staff.show_organizations"),
        (_("Communes du réseau"), "network.show"),
        (_("Rôles"), "staff.show_roles"),
        (_("Savoir-faire"), "staff.show_skills"),
    )
    return [(label, url_for(page)) for label, page in pages if _may_open(page)]


def _may_open(page: str) -> bool:
    needed = gate_of(current_app, page)
    return bool(needed) and holds(current_user.actor.roles, needed or frozenset())
