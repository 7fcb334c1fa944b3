"""The words of each act that a key can do, and of the keys that belong to a list."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import current_user

from crm.http import gettext as _
from crm.http import language
from crm.staff import keys_of, label


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A line of the table of shortcuts."""

    name: str
    words: str
    keys: str  # as kept: `Ctrl+KeyK`
    shown: str  # as read: « Ctrl K »; "" for none


def act_words() -> dict[str, str]:
    return {
        "search": _("Rechercher une demande ou un usager"),
        "same_place": _("Même lieu que d’habitude"),
        "next_demand": _("Autre demande du même usager"),
        "danger_said": _("Consigne de danger dite et vérifiée"),
        "submit": _("Enregistrer"),
        "hang_up": _("Terminer l’appel"),
        "palette": _("Toutes les actions"),
        "take_call": _("Ouvrir la demande de l’appel en cours"),
        "help_now": _("Besoin d’aide maintenant"),
        "help": _("Ouvrir l’aide"),
        "new_demand": _("Nouvelle demande"),
        "keep_draft": _("Garder en brouillon"),
        "drafts": _("Ouvrir mes brouillons"),
    }


def key_lines() -> list[KeyLine]:
    """Every act, with the key that this agent chose for it."""
    keys = keys_of(current_user.card.keys)
    shown = language()
    return [KeyLine(name, words, keys[name], label(keys[name], shown)) for name, words in act_words().items()]


def list_keys() -> list[tuple[str, str]]:
    """Keys that only count while the focus is in the list: they are nobody's shortcuts elsewhere."""
    return [
        ("↑ ↓", _("Ligne précédente, ligne suivante")),
        ("⇱ ⇲", _("Début, fin de la liste (touches Origine et Fin)")),
        ("⏎", _("Ouvrir la ligne")),
        ("x", _("Cocher la ligne")),
        ("C R A T I D", _("Messages à trier : créer, rattacher, répondre, transmettre, classer, découper")),
        (_("1 à 5"), _("Choisir une catégorie proposée")),
        (_("Échap"), _("Fermer un menu, une liste ou ce panneau")),
    ]
