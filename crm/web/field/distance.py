"""What is to be done on the ground, the nearest first. The position is not kept, not even in an address."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.cases import PlacedLine, metres
from crm.http import gettext as _
from crm.http import needs
from crm.web.field.blueprint import bp
from crm.web.field.places import here
from crm.web.field.views import Group, field_list


@bp.post("/distance")
@needs(Permission.CASE_RESOLVE)
def by_distance() -> ResponseReturnValue:
    at = here(request.form.get("lon", ""), request.form.get("lat", ""))
    if at is None:
        flash(_("Votre position n’est pas connue : voici la liste par jour."), "warn")
        return redirect(url_for("field.show"), 303)
    return field_list("distance", lambda lines: _groups(lines, at))


def _groups(lines: list[PlacedLine], at: tuple[float, float]) -> list[Group]:
    """Emergencies too are told how far they are, and stay on top."""
    away = {
        line.id: metres(*at, line.lon, line.lat)
        for line in lines
        if line.lon is not None and line.lat is not None
    }
    near = sorted((line for line in lines if line.id in away), key=lambda line: away[line.id])
    parts = [
        (_("Urgences"), [line for line in near if line.priority == 1]),
        (_("Autour de vous"), [line for line in near if line.priority != 1]),
        (_("Lieu à trouver"), [line for line in lines if line.id not in away]),
    ]
    told = {id_: _told(distance) for id_, distance in away.items()}
    return [Group(heading, some, told) for heading, some in parts if some]


def _told(distance: float) -> str:
    """« à 400 m », « à 2,3 km »: no finer than the position."""
    if distance < 950:
        return _("à %(metres)d m", metres=max(100, round(distance / 100) * 100))
    return _("à %(km)s km", km=f"{distance / 1000:.1f}".replace(".", ","))
