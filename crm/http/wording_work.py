"""Work orders and rounds, in the words of those who do them."""

from __future__ import annotations

from crm.http.language import gettext as _


def work_words() -> dict[str, dict[str, str]]:
    return {
        "order_state": {
            "asked": _("À prendre"),
            "accepted": _("Acceptée"),
            "planned": _("Prévue"),
            "done": _("Faite"),
            "sent_back": _("Renvoyée"),
            "withdrawn": _("Retirée"),
        },
        "slot": {
            "morning": _("Matin"),
            "afternoon": _("Après-midi"),
            "night": _("Nuit"),
        },
    }
