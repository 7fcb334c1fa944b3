"""What the agent reads once a button was pressed, and what became of it."""

from __future__ import annotations

from crm.cases.ground import Taken
from crm.http import gettext as _
from crm.http import reason


def said_done(act: str) -> str:
    told = {
        "on_the_way": _("C’est noté : vous êtes en route."),
        "done": _("Fait : c’est enregistré. Le centre répond à l’usager."),
        "secured": _("Mis en sécurité : c’est enregistré. L’usager est prévenu de la réparation."),
        "nothing_found": _("Rien constaté : c’est enregistré. L’usager pourra préciser l’endroit."),
        "need": _("Votre responsable voit ce qui manque."),
    }
    return told[act]


def said_taken(act: str, taken: Taken) -> str:
    """Done, or kept beside what is newer: whoever pressed the button knows which."""
    if taken.is_done:
        return said_done(act)
    if act == "on_the_way":
        return _("La demande avait changé avant l’arrivée de ce « En route » : il n’y a rien à noter.")
    if taken.why == "moved":
        return _(
            "La demande a changé avant l’arrivée de votre envoi. Rien n’est écrasé : votre compte rendu et "
            "vos photos sont gardés en note, et votre responsable est prévenu."
        )
    why = reason(taken.why)
    return _("Gardé en note, votre responsable est prévenu : %(why)s", why=why)
