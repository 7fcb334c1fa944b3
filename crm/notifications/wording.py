"""What messages say of codes, dates and places: French, whole sentences, nothing that a stranger wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from babel.dates import format_date
from sqlalchemy.orm import Session

from crm import territory
from crm.cases import CaseSheet
from crm.foundation import PARIS

OUTCOMES: Mapping[str, str] = {
    "F": "Le travail est fait.",
    "FT": "Le danger est écarté. La réparation définitive est prévue.",
    "P": "Le travail est programmé.",
    "I": "Voici l’information que vous demandiez.",
    "R": "Nous ne pouvons pas donner de suite favorable.",
    "T": "Ce sujet dépend d’un autre organisme. Nous lui avons transmis votre demande.",
    "D": "Votre demande rejoint une demande déjà suivie sur le même sujet.",
    "NC": "Notre équipe est passée sur place. Elle n’a rien constaté.",
    "PV": "Une procédure est engagée.",
    "A": "Sans nouvelles de votre part, nous arrêtons le suivi de cette demande.",
    "X": "Votre demande est annulée, comme vous l’avez souhaité.",
}

# The same ends, for who follows a demand that another made.
FOLLOWED_OUTCOMES: Mapping[str, str] = {
    **OUTCOMES,
    "I": "Voici notre réponse.",
    "T": "Ce sujet dépend d’un autre organisme. Nous lui avons transmis la demande.",
    "D": "Cette demande rejoint une autre demande, déjà suivie.",
    "A": "Nous arrêtons le suivi de cette demande, faute de précisions.",
    "X": "Cette demande est annulée.",
}
NEWS: Mapping[str, str] = {
    "planned": "Le service interviendra le %(day)s.",
    "secured": "Le danger est écarté. La réparation est prévue le %(day)s.",
    "delayed": "Cela prendra plus de temps que prévu. Nouvelle date : au plus tard le %(day)s.",
    "reopened": "Ce n’est pas réglé : la demande est rouverte. Nous répondrons au plus tard le %(day)s.",
    "over": "Le service nous dit que ce problème est terminé.",
    "cancelled": "Cette demande est annulée. Si le problème est toujours là, dites-le-nous.",
}


def in_words(moment: datetime) -> str:
    """« mardi 1er septembre 2026 », the day it was in Paris."""
    day = moment.astimezone(PARIS).date()
    said: str = format_date(day, "EEEE d MMMM y", locale="fr")
    return said.replace(" 1 ", " 1er ", 1) if day.day == 1 else said


def in_figures(moment: datetime) -> str:
    """« 01/09 »: an SMS counts its characters."""
    return f"{moment.astimezone(PARIS):%d/%m}"


def hour_in_words(moment: datetime) -> str:
    """« 18 h », « 1 h 48 »"""
    local = moment.astimezone(PARIS)
    return f"{local.hour} h {local.minute:02d}" if local.minute else f"{local.hour} h"


def known_place(session: Session, case: CaseSheet) -> str:
    """Street and commune as our own territory names them, never as somebody typed them."""
    place = None
    if case.address_id is not None:
        place = territory.address_place(session, case.address_id)
    elif case.street_id is not None:
        place = territory.street_place(session, case.street_id)
    if place is not None:
        return ", ".join(part for part in (place.street, place.commune) if part)
    names = {line.insee: line.name for line in territory.communes(session)}
    return names.get(case.insee or "", "")


NO_WAY_LEFT = (
    "Ce message n’a pas pu lui être remis, et nous ne connaissons aucun autre moyen de joindre cette "
    "personne. Cherchez comment la joindre, puis dites-lui :"
)
