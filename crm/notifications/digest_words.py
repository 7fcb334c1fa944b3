"""The words of the Monday message, in the language of each reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWords:
    """Args: `pattern`, `short`: of a day in the subject, and in a line."""

    pattern: str
    short: str
    subject: str
    hello: str
    new: str
    closed: str
    late: str
    planned: str
    waiting: str
    quiet: str
    colon: str
    line: str
    urgent: str
    unknown: str
    received: str
    ended: str
    due: str
    foreseen: str
    one_more: str
    more: str
    home: str
    mayor: str
    stop: str


WORDS: Mapping[str, DigestWords] = {
    "fr": DigestWords(
        pattern="EEEE d MMMM y",
        short="dd/MM",
        subject="{commune} : vos demandes, semaine du {day}",
        hello="Bonjour,\n\nVoici le point des demandes situées à {commune}.",
        new="Nouvelles depuis lundi dernier",
        closed="Terminées depuis lundi dernier",
        late="En retard",
        planned="Prévues cette semaine",
        waiting="En attente de votre commune",
        quiet="Rien à signaler cette semaine.",
        colon=" : ",
        line="- {urgent}{reference} : {subject}{place} ({when})",
        urgent="PRIORITÉ 1 — ",
        unknown="Sujet à préciser",
        received="reçue le {day}",
        ended="terminée le {day}",
        due="échéance le {day}",
        foreseen="prévue le {day}",
        one_more="… et 1 autre.",
        more="… et {many} autres.",
        home="Votre page d’accueil : {link}",
        mayor="La liste à imprimer : {link}",
        stop="Ne plus recevoir ce message : décochez « Le point du lundi » sur votre page d’accueil.",
    ),
    "en": DigestWords(
        pattern="EEEE d MMMM y",
        short="d MMM",
        subject="{commune}: your requests, week of {day}",
        hello="Hello,\n\nHere is where the requests located in {commune} stand.",
        new="New since last Monday",
        closed="Closed since last Monday",
        late="Late",
        planned="Planned this week",
        waiting="Waiting for your commune",
        quiet="Nothing to report this week.",
        colon=": ",
        line="- {urgent}{reference}: {subject}{place} ({when})",
        urgent="PRIORITY 1 — ",
        unknown="Subject to be specified",
        received="received {day}",
        ended="closed {day}",
        due="due {day}",
        foreseen="planned {day}",
        one_more="… and 1 more.",
        more="… and {many} more.",
        home="Your home page: {link}",
        mayor="The list to print: {link}",
        stop="To stop these messages: untick “Le point du lundi” (Monday digest) on your home page.",
    ),
}
