"""What the agent reads once a button was pressed, and what became of it."""

from __future__ import annotations

from crm.cases.ground import UNLED, Taken
from crm.http import gettext as _
from crm.http import reason


def said_done(act: str, taken: Taken, *, of_order: bool) -> str:
    told = {
        "on_the_way": _("C’est noté : vous êtes en route."),
        "done": _("Fait : c’est enregistré. Le centre répond à l’usager."),
        "secured": _("Mis en sécurité : c’est enregistré. L’usager est prévenu de la réparation."),
        "nothing_found": _("Rien constaté : c’est enregistré. L’usager pourra préciser l’endroit."),
        "need": _("C’est noté : %(who)s voit ce qui manque.", who=_called(of_order=of_order)),
    }
    if taken.why == UNLED:
        return _("C’est noté, mais aucun service ne suit la demande : prévenez votre responsable.")
    if of_order and act in {"done", "secured", "nothing_found"}:
        return _("C’est enregistré : le service qui suit la demande le voit.")
    return told[act]


def said_taken(act: str, taken: Taken, *, of_order: bool) -> str:
    """Done, or kept beside what is newer: whoever pressed the button knows which, and who was told."""
    if taken.is_done:
        return said_done(act, taken, of_order=of_order)
    if act == "on_the_way":
        return _("La demande avait changé avant l’arrivée de ce « En route » : il n’y a rien à noter.")
    if taken.why == UNLED:
        return _(
            "La demande a changé avant l’arrivée de votre envoi, et aucun service n’y travaille plus. Votre "
            "compte rendu et vos photos y sont gardés en note. Si besoin, prévenez votre responsable."
        )
    who = _called(of_order=of_order)
    if taken.why == "moved":
        return _(
            "La demande a changé avant l’arrivée de votre envoi. Rien n’est écrasé : votre compte rendu et "
            "vos photos sont gardés en note, et %(who)s est prévenu.",
            who=who,
        )
    return _("Gardé en note, %(who)s est prévenu : %(why)s", who=who, why=reason(taken.why))


def _called(*, of_order: bool) -> str:
    """Whoever leads the demand: the agent's own lead, unless another unit asked for the work."""
    return _("le service qui suit la demande") if of_order else _("votre responsable")
