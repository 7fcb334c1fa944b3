"""Why a second factor was taken away, why a sheet was opened outside one's perimeter, and from where."""

from __future__ import annotations

from crm.http.language import gettext as _


def protection_words() -> dict[str, dict[str, str]]:
    return {
        "reset_motive": {
            "lost": _("Téléphone ou clé perdus, en panne"),
            "replaced": _("Nouveau téléphone ou nouvel ordinateur"),
            "stolen": _("Vol, ou mot de passe peut-être connu d’un autre"),
            "other": _("Autre raison"),
        },
        "reading_motive": {
            "present": _("L’usager est devant moi"),
            "called": _("L’usager est au téléphone"),
            "colleague": _("Un collègue ou un élu me le demande"),
            "doubt": _("Je cherche à savoir si c’est la même personne"),
            "other": _("Autre raison"),
        },
        "reading_page": {
            "sheet": _("Fiche"),
            "edit": _("Correction de la fiche"),
            "compare": _("Comparaison de deux fiches"),
            "intake": _("Formulaire de demande"),
            "case": _("Coordonnées affichées depuis une demande"),
            "api": _("Programme partenaire"),
        },
    }
