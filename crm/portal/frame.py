"""What surrounds every public page: who we are, how else to reach us, the other language."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from crm.http import gettext as _
from crm.http import language, typo, wiring

_ONE_YEAR_SECONDS = 31_536_000


def install_frame(app: Flask) -> None:
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    if request.path.startswith("/console"):
        return {}
    centre = wiring().settings.centre
    said = (centre.phone_cost, centre.hours)
    if language() == "en":
        said = (centre.phone_cost_en or said[0], centre.hours_en or said[1])
    site = {
        "name": centre.name,
        "phone": centre.phone,
        "phone_hours": typo(", ".join(said)),
        "desk": _("Vous pouvez aussi venir dans votre mairie, avec ou sans rendez-vous."),
    }
    return {"site": site, "centre": centre, "here": "", **_other_language()}


def _other_language() -> dict[str, str]:
    """Only where the page can be asked again as it is: no form being filled is lost by it."""
    other = "en" if language() == "fr" else "fr"
    if request.method != "GET" or other not in wiring().settings.languages:
        return {}
    return {"language_href": f"{request.path}?lang={other}"}
