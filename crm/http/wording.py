"""Codes in the words of the trade: the one place where a screen turns a code into a word."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context

from crm.http.language import gettext as _
from crm.http.language import language


def _words() -> dict[str, dict[str, str]]:
    return {
        "state": {
            "registered": _("À qualifier"),
            "assigned": _("Transmise"),
            "in_progress": _("Prise en charge"),
            "scheduled": _("Planifiée"),
            "waiting_requester": _("Attend l’usager"),
            "waiting_third_party": _("Attend un partenaire"),
            "resolved": _("Réponse à faire"),
            "closed": _("Terminée"),
            "cancelled": _("Annulée"),
        },
        "step": {
            "received": _("Reçue"),
            "transmitted": _("Transmise au service"),
            "in_hand": _("En cours"),
            "your_turn": _("Nous attendons votre réponse"),
            "partner": _("En attente d’un partenaire"),
            "answer_coming": _("Traitée, réponse en préparation"),
            "ended": _("Terminée"),
            "referred": _("Transmise à un autre organisme"),
            "cancelled": _("Annulée"),
        },
        "outcome": {
            "F": _("Fait"),
            "FT": _("Mis en sécurité"),
            "P": _("Programmé"),
            "I": _("Information donnée"),
            "R": _("Pas de suite favorable"),
            "T": _("Transmis à un autre organisme"),
            "D": _("Rattaché à une demande existante"),
            "NC": _("Rien constaté sur place"),
            "PV": _("Procédure engagée"),
            "A": _("Sans réponse de l’usager"),
            "X": _("Annulé à la demande de l’usager"),
        },
        "channel": {
            "phone": _("Téléphone"),
            "email": _("Courriel"),
            "web": _("Site internet"),
            "desk": _("Guichet"),
            "letter": _("Courrier"),
            "sms": _("SMS"),
            "social": _("Réseau social"),
            "app": _("Application"),
            "field": _("Agent de terrain"),
            "partner_api": _("Partenaire"),
            "relay": _("Service relais"),
            "none": _("Pas de réponse"),
        },
        "answer_channel": {
            "email": _("Courriel"),
            "sms": _("SMS"),
            "letter": _("Courrier postal"),
            "phone": _("Rappel par téléphone"),
            "none": _("Pas de réponse souhaitée"),
        },
        "kind": {
            "report": _("Signalement"),
            "information": _("Renseignement"),
            "complaint": _("Réclamation"),
            "suggestion": _("Suggestion"),
            "praise": _("Félicitation"),
            "document": _("Demande de document"),
            "rights": _("Exercice de droits"),
        },
        "priority": {
            "1": _("Priorité 1"),
            "2": _("Priorité 2"),
            "3": _("Priorité 3"),
            "4": _("Priorité 4"),
        },
        "role": {
            "advisor": _("Centre de relation"),
            "desk_agent": _("Guichet de mairie"),
            "team_lead": _("Responsable d’équipe"),
            "field_agent": _("Agent de terrain"),
            "supervisor": _("Superviseur"),
            "config_admin": _("Administration fonctionnelle"),
        },
        "verb": {
            "route": _("Confier à un service"),
            "accept": _("Prendre en charge"),
            "plan": _("Planifier"),
            "ask": _("Interroger l’usager"),
            "await_partner": _("Attendre un partenaire"),
            "resume": _("Reprendre"),
            "reply": _("Répondre"),
            "secure": _("Mettre en sécurité"),
            "bounce": _("Renvoyer au centre"),
            "resolve": _("Rendre compte"),
            "close": _("Répondre et clore"),
            "cancel": _("Annuler la demande"),
            "reopen": _("Rouvrir"),
            "delay": _("Annoncer un retard"),
            "raise": _("Relever la priorité"),
            "merge": _("Rattacher à une autre demande"),
            "unmerge": _("Détacher"),
        },
        "bounce_reason": {
            "wrong_unit": _("Un autre service est compétent"),
            "wrong_place": _("Le lieu est faux ou introuvable"),
            "wrong_category": _("La catégorie ne convient pas"),
            "not_competent": _("Ni la métropole ni la commune n’est compétente"),
            "duplicate": _("Déjà demandé"),
            "not_enough": _("Il manque de quoi agir"),
        },
        "reopen_reason": {
            "not_done": _("Ce n’est pas fait"),
            "partly_done": _("C’est fait en partie"),
            "came_back": _("Le problème est revenu"),
            "mistake": _("Close par erreur"),
            "place_given": _("L’usager a précisé l’endroit"),
        },
        "no_answer_reason": {
            "anonymous": _("Demande anonyme"),
            "unreachable": _("Aucun moyen de joindre l’usager"),
            "said_on_the_spot": _("Réponse donnée de vive voix"),
            "does_not_wish": _("L’usager ne souhaite pas de réponse"),
        },
        "call_reason": {
            "informed": _("Renseignement donné"),
            "follow_up": _("Suivi d’une demande"),
            "elsewhere": _("Orienté vers un autre organisme"),
            "wrong_number": _("Erreur de numéro"),
            "cut_off": _("Appel coupé"),
            "abuse": _("Incivilité ou appel malveillant"),
        },
        "news": {
            "planned": _("date prévue"),
            "secured": _("mise en sécurité"),
            "delayed": _("retard"),
            "closed": _("réponse"),
            "reopened": _("réouverture"),
            "cancelled": _("annulation"),
        },
        "for_whom": {
            "self": _("Soi-même"),
            "beneficiary": _("Quelqu’un d’autre"),
            "proxy": _("Au nom de quelqu’un"),
        },
        "job": {
            "acknowledge": _("Accusé d’enregistrement"),
            "send_message": _("Message à l’usager"),
            "do_lots": _("Travail sur plusieurs demandes"),
            "forget_files": _("Effacement de fichiers retirés"),
            "store_files": _("Enregistrement de photos et de fichiers"),
            "hand_over": _("Transmission à l’organisme compétent"),
            "tell_referral": _("Avis de transmission"),
            "tell_reopening": _("Avis de réouverture"),
            "tell_made_safe": _("Avis de mise en sécurité"),
            "tell_follower": _("Avis de suivi"),
            "tell_followers": _("Nouvelles aux personnes qui suivent"),
            "tell_merged": _("Avis de rattachement"),
        },
        "delivery_error": {
            "unavailable": _("Le serveur ne répond pas"),
            "refused": _("Refusé par le destinataire"),
        },
        "road_owner": {
            "public": _("voie publique"),
            "private": _("voie privée"),
            "departmental": _("route départementale"),
            "state": _("route de l’État"),
            "unknown": _("propriétaire inconnu"),
        },
    }


def wording(code: str | None, family: str = "state") -> str:
    """The word of a code; the code itself never shows: an unknown one reads as a dash."""
    return _words_in(language())[family].get(str(code), "—") if code is not None else "—"


@lru_cache
def _words_in(_language: str) -> dict[str, dict[str, str]]:
    return _words()


def in_sentence(words: str) -> str:
    """« Courriel » → « courriel » inside a sentence; « SMS » stays."""
    return words if words[:2].isupper() else f"{words[:1].lower()}{words[1:]}"


FAMILIES: Callable[[], dict[str, dict[str, str]]] = _words


@pass_context  # else the word of a code written in a template would be that of whoever opened it first
def _as_filter(_context: Context, code: str | None, family: str = "state") -> str:
    return wording(code, family)


def install(app: Flask) -> None:
    app.jinja_env.filters.update(wording=_as_filter, in_sentence=in_sentence)
