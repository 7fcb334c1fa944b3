"""The board's codes in words."""

from __future__ import annotations

from functools import lru_cache

from crm.http import gettext as _
from crm.http import language


def file_words(code: str) -> str:
    return _words(language())["file"][code]


def age_words(code: str) -> str:
    return _words(language())["age"][code]


def figure_words(code: str) -> str:
    return _words(language())["figure"][code]


@lru_cache
def _words(_language: str) -> dict[str, dict[str, str]]:
    return {
        "file": {
            "a-qualifier": _("À qualifier"),
            "nouvelles": _("Pas encore prises en charge"),
            "en-cours": _("En cours au service"),
            "attente-usager": _("Attendent l’usager"),
            "attente-partenaire": _("Attendent un partenaire"),
            "reponses": _("Réponses à faire"),
        },
        "age": {
            "0-1": _("0 à 1 jour"),
            "2-5": _("2 à 5 jours"),
            "6-10": _("6 à 10 jours"),
            "11": _("plus de 10 jours"),
        },
        "figure": {
            "retard": _("En retard"),
            "bientot": _("À rendre d’ici 2 jours ouvrés"),
            "urgences": _("Urgences pas prises en charge"),
            "rouvertes": _("Rouvertes"),
            "contestees": _("« Ce n’est pas fait »"),
            "accuses": _("Accusés pas partis"),
            "rappels": _("Rappels en danger"),
        },
    }
