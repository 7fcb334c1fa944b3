"""Codes in the words of the trade: the one place where a screen turns a code into a word."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context

from crm.foundation import typo
from crm.http.doors import wiring
from crm.http.language import gettext as _
from crm.http.language import language
from crm.http.wording_deliveries import reach_words, why_not_sent
from crm.http.wording_errands import errand_words
from crm.http.wording_protection import protection_words
from crm.http.wording_together import together_words
from crm.http.wording_work import work_words


def _words() -> dict[str, dict[str, str]]:
    return {
        **errand_words(),
        **protection_words(),
        **together_words(),
        **reach_words(),
        **work_words(),
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
        "channel": {
            "phone": _("Téléphone"),
            "phone_relay": _("Téléphone, par un centre relais"),
            "email": _("Courriel"),
            "web": _("Site internet"),
            "desk": _("Guichet"),
            "letter": _("Courrier"),
            "sms": _("SMS"),
            "social": _("Réseau social"),
            "app": _("Application"),
            "field": _("Agent de terrain"),
            "partner_api": _("Partenaire"),
            "relay": _("Relais de proximité"),
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
            "refer": _("Transmettre"),
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
        "pause_reason": {
            "precision": _("Une précision"),
            "document": _("Une pièce manquante"),
            "access": _("Un accès ou une présence"),
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
        "called_out": {
            "on_call": _("l’astreinte"),
            "lead": _("le responsable du service, personne n’étant d’astreinte"),
            "supervisors": _("les superviseurs, personne n’étant d’astreinte"),
            "nobody": _("personne, aucun compte n’est à prévenir"),
        },
        "news": {
            "over": _("fin de l’incident"),
            "planned": _("date prévue"),
            "secured": _("mise en sécurité"),
            "delayed": _("retard"),
            "closed": _("réponse"),
            "reopened": _("réouverture"),
            "cancelled": _("annulation"),
            "referred": _("transmission"),
            "returned": _("refus de l’organisme"),
        },
        "for_whom": {
            "self": _("Soi-même"),
            "beneficiary": _("Quelqu’un d’autre"),
            "proxy": _("Au nom de quelqu’un"),
        },
        "arrival_outcome": {
            "waiting": _("À trier"),
            "case": _("Devenus des demandes"),
            "reply": _("Rattachés à une demande"),
            "information": _("Information donnée"),
            "confirm": _("Expéditeur à confirmer"),
            "receipt": _("Accusés et retours"),
            "copy": _("Copies d’un même message"),
            "discarded": _("Classés sans réponse"),
        },
        "aside": {
            "spam": _("Indésirable"),
            "advertising": _("Publicité ou démarchage"),
            "abuse": _("Injures, sans demande"),
            "duplicate": _("Doublon"),
            "empty": _("Vide ou illisible"),
            "robot": _("Message automatique"),
            "our_own_account": _("Notre propre publication"),
            "thanks": _("Rien n’est demandé (merci, pour information)"),
            "auto_reply": _("Réponse automatique"),
            "auto_submitted": _("Réponse automatique"),
            "robot_header": _("Réponse automatique"),
            "answers_unwanted": _("Réponse automatique"),
            "absence_subject": _("Réponse automatique d’absence"),
            "server_mail": _("Message d’un serveur"),
            "list": _("Liste de diffusion"),
            "list_header": _("Liste de diffusion"),
            "ours": _("Notre propre message"),
            "our_own_mail": _("Notre propre message"),
            "our_own_address": _("Notre propre message"),
        },
        "arrival_reason": {
            "unknown_sender": _("Quelqu’un que nous ne connaissons pas écrit sur cette demande."),
            "not_authenticated": _("L’adresse est connue, mais rien ne prouve que c’est elle qui écrit."),
            "sender_refused": _("Détaché de la demande : l’expéditeur n’y est pas connu."),
            "sender_floods": _("Cet expéditeur écrit beaucoup en peu de temps."),
            "domain_floods": _("Ce domaine envoie beaucoup de messages en peu de temps."),
            "too_big": _("Trop lourd pour être lu en entier : voyez l’original."),
            "no_receiver": _("Ce canal n’est pas réglé : voyez l’original."),
            "empty": _("Le message est vide."),
            "too_deep": _("Le message est fait de trop de parties : voyez l’original."),
            "broken_reader": _("Notre programme n’a pas su le lire : voyez l’original."),
            "invalid": _("La demande n’a pas pu recevoir ce message."),
            "same_message": _("Le même message est arrivé dans une autre de nos boîtes."),
            "bounce": _("L’adresse n’existe plus : notre message est revenu."),
            "bounce_for_now": _("Notre message est revenu : boîte pleine ou refus passager."),
            "bounce_of_another_address": _("Retour d’une adresse à laquelle nous n’avions pas écrit."),
            "bounce_of_nothing_known": _("Retour d’un message qui n’est pas de nous."),
            "late": _("Notre message tarde à arriver."),
            "read": _("Notre message a été lu."),
            "complaint": _("Notre message a été signalé comme indésirable."),
            "delivered": _("Notre message est arrivé."),
            "delivery_report": _("Un serveur parle de notre message, sans dire qu’il est arrivé."),
            "not_a_scan": _("Ce n’est ni un PDF, ni un TIFF, ni des photos : voyez l’original."),
            "damaged": _("Le fichier est abîmé : voyez l’original, ou numérisez-le de nouveau."),
            "too_heavy": _("Trop lourd une fois ouvert : voyez l’original."),
            "too_long": _("Trop long à ouvrir : voyez l’original."),
            "not_a_mail": _("Ce n’est pas un courriel lisible : voyez l’original."),
            "illegal_step": _("La demande qu’il suit est terminée."),
            "several_demands": _("Plusieurs demandes peuvent être concernées : choisissez."),
            "no_demand_known": _("Aucune demande connue pour ce numéro."),
            "hidden_number": _("Numéro masqué ou nom commercial : on ne peut pas y répondre."),
            "not_json": _("Ce n’est pas ce qui était convenu avec ce fournisseur : voyez l’original."),
            "unknown_event": _("Le fournisseur dit une chose inconnue de nous : voyez l’original."),
            "no_call_id": _("L’autocommutateur n’a pas nommé l’appel : voyez l’original."),
            "no_text": _("Message sans texte : voyez l’original."),
            "no_author": _("Le réseau n’a pas dit qui a écrit : voyez l’original."),
            "sms_stop": _("« STOP » : plus aucun SMS n’ira à ce numéro, sauf la confirmation."),
            "sms_again": _("« REPRENDRE » : les SMS reprennent à ce numéro."),
            "unknown_message": _("Le fournisseur parle d’un message qui n’est pas de nous."),
            "call": _("L’autocommutateur a dit où en est un appel."),
            "no_case": _("La demande dont parle ce message est introuvable."),
            "no_raw": _("Le contenu reçu est introuvable."),
            "not_read": _("Arrivé depuis plus d’un quart d’heure, pas encore lu."),
            "not_said": _("Appel répondu depuis plus de 12 heures, que personne n’a expliqué."),
            "no_call_back": _("Appel manqué, et son rappel est introuvable."),
        },
        "shared_as": {
            "": _("partagé"),
            "shared": _("numéro partagé"),
            "family": _("partagé en famille"),
            "switchboard": _("standard"),
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
    if family == "outcome":
        return _of_outcome(code)
    return _words_in(language())[family].get(str(code), "—") if code is not None else "—"


def _of_outcome(code: str | None) -> str:
    """The catalogue's own word, which a screen may change."""
    known = wiring().rulebooks.categories()[0].outcome(code)
    if known is None:
        return "—"
    return known.named("en") if language() == "en" else typo(known.label)


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
    app.jinja_env.filters.update(wording=_as_filter, in_sentence=in_sentence, why_not_sent=why_not_sent)
