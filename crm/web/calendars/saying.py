"""Days of the week and returns of a closure, in words."""

from __future__ import annotations

from crm.http import gettext as _


def weekday_words() -> dict[str, str]:
    return {
        "monday": _("Lundi"),
        "tuesday": _("Mardi"),
        "wednesday": _("Mercredi"),
        "thursday": _("Jeudi"),
        "friday": _("Vendredi"),
        "saturday": _("Samedi"),
        "sunday": _("Dimanche"),
    }


def repeat_words() -> dict[str, str]:
    return {
        "once": _("Une seule fois"),
        "weekly": _("Chaque semaine, ce jour-là"),
        "monthly": _("Chaque mois, le même jour de la semaine"),
        "yearly": _("Chaque année, à cette date"),
    }
