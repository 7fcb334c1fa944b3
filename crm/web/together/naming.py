"""What is said of a note that names colleagues: who was told, and who could not be."""

from __future__ import annotations

from collections.abc import Sequence

from crm.http import gettext as _


def told_of_note(told: Sequence[str], text: str) -> str:
    if told:
        return _("Note ajoutée. Prévenus : %(names)s.", names=", ".join(told))
    if "@" in text:
        return _("Note ajoutée. Après @, aucun nom d’un collègue ou d’un service qui lit cette demande.")
    return _("Note ajoutée.")
