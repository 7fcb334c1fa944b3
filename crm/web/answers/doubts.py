"""Why the reader of an answer may not be the person who asked: said before it leaves, and confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from crm.cases import CaseSheet, Other
from crm.contacts import ContactCard
from crm.http import gettext as _


def doubts_about(
    case: CaseSheet, card: ContactCard | None, others: Sequence[Other], recipient: str
) -> list[str]:
    """One sentence each; none when the person, the place to write to and the language agree."""
    if card is None or not recipient:
        return []
    told = []
    if case.answer_to == recipient and not _is_theirs(card, recipient):
        told.append(_("Cette adresse a été indiquée sur la page de suivi : elle n’est pas sur sa fiche."))
    for name in (other.card.display_name for other in others if other.role == "beneficiary"):
        told.append(
            _(
                "La demande concerne %(name)s ; la réponse va à %(reader)s.",
                name=name,
                reader=card.display_name,
            )
        )
    if card.language not in {"", "fr"}:
        told.append(_("Cette personne lit l’anglais : la traduction sous le texte dit-elle la même chose ?"))
    return told


def _is_theirs(card: ContactCard, recipient: str) -> bool:
    return any(point.value == recipient for point in card.points)
