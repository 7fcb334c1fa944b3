"""What messages say of codes, dates and places: whole sentences, nothing that a stranger wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from babel.dates import format_date
from sqlalchemy.orm import Session

from crm import territory
from crm.cases import CaseSheet
from crm.foundation import PARIS

_LOCALES = {"fr": "fr", "en": "en_GB"}
NEWS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "planned": "Le service interviendra le %(day)s.",
        "secured": "Le danger est écarté. La réparation est prévue le %(day)s.",
        "delayed": "Cela prendra plus de temps que prévu. Nouvelle date : au plus tard le %(day)s.",
        "reopened": "Ce n’est pas réglé : la demande est rouverte. Nous répondrons au plus tard le %(day)s.",
        "over": "Le service nous dit que ce problème est terminé.",
        "cancelled": "Cette demande est annulée. Si le problème est toujours là, dites-le-nous.",
        "referred": "Elle dépend d’un autre organisme, à qui nous l’avons transmise : %(body)s.",
        "returned": "L’organisme (%(body)s) n’a pas pu la traiter. Nous cherchons de nouveau le bon service.",
    },
    "en": {
        "planned": "The team will come on %(day)s.",
        "secured": "The danger has been removed. The repair is planned on %(day)s.",
        "delayed": "It will take longer than planned. New date: %(day)s at the latest.",
        "reopened": "It is not settled: the request is open again. We will answer by %(day)s.",
        "over": "The team tells us that this problem is over.",
        "cancelled": "This request is cancelled. If the problem is still there, tell us.",
        "referred": "Another public body is in charge. We have passed the request on: %(body)s.",
        "returned": "The body (%(body)s) could not deal with it. We are looking for the right team again.",
    },
}


def in_words(moment: datetime, language: str = "fr") -> str:
    """« mardi 1er septembre 2026 », the day it was in Paris."""
    day = moment.astimezone(PARIS).date()
    said: str = format_date(day, "EEEE d MMMM y", locale=_LOCALES[language])
    return said.replace(" 1 ", " 1er ", 1) if language == "fr" and day.day == 1 else said


def in_figures(moment: datetime, language: str = "fr") -> str:
    """« 01/09 »: an SMS counts its characters. « 1 Sept » where figures alone could be read as January."""
    local = moment.astimezone(PARIS)
    if language == "fr":
        return f"{local:%d/%m}"
    said: str = format_date(local.date(), "d MMM", locale=_LOCALES[language])
    return said


def hour_in_words(moment: datetime, language: str = "fr") -> str:
    """« 18 h », « 1 h 48 »"""
    local = moment.astimezone(PARIS)
    if language != "fr":
        return f"{local.hour}:{local.minute:02d}"
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


HELD_BACK = (
    "Peu de personnes lisent cette demande : rien n’est parti automatiquement. Voyez comment joindre "
    "l’usager sans le mettre en danger, puis dites-lui :"
)
RETURNED = (
    "Nous avions transmis sa demande à : {organization}. Cet organisme ne peut pas la traiter. Cherchez "
    "comment joindre l’usager, puis dites-lui que nous cherchons le bon service : il n’a rien à refaire."
)
NO_WAY_LEFT = (
    "Ce message n’a pas pu lui être remis, et nous ne connaissons aucun autre moyen de joindre cette "
    "personne. Cherchez comment la joindre, puis dites-lui :"
)
