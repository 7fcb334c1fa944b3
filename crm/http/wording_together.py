"""What colleagues do together, and appointments, in their words."""

from __future__ import annotations

from crm.http.language import gettext as _


def together_words() -> dict[str, dict[str, str]]:
    return {
        "outside": {
            "script": _("Le script ou la consigne"),
            "competence": _("Notre compétence"),
            "delay": _("Le délai habituel"),
            "means": _("Les moyens prévus"),
        },
        "restriction": {
            "grave": _("Faits graves"),
            "about_agent": _("Réclamation sur un agent ou un service"),
            "exposed": _("L’usager serait en danger si cela se savait"),
        },
        "meeting": {
            "office": _("Sur place, à l’accueil"),
            "phone": _("Par téléphone"),
            "video": _("En visioconférence"),
            "on_site": _("Chez l’usager ou sur les lieux"),
        },
        "appointment": {
            "booked": _("Prévu"),
            "kept": _("Honoré"),
            "missed": _("Usager absent"),
            "cancelled": _("Annulé"),
        },
    }
