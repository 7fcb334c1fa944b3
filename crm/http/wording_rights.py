"""What each role may do, in plain words: the matrix of `crm/access/permissions.py`, read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm.access import GRANTS, Permission, Scope
from crm.http.language import gettext as _

P = Permission
# Every role has them: they say nothing of a role.
_EVERYBODY = frozenset({P.STYLE_VIEW, P.SELF_EDIT})


@dataclass(frozen=True, slots=True)
class Rights:
    """Where a role may do what, in words."""

    where: str
    what: list[str]


def rights_of(role: str) -> list[Rights]:
    """In the order of the scopes, each right in the order in which it is declared."""
    words, places = right_words(), scope_words()
    granted = GRANTS[role]
    return [
        Rights(
            places[scope],
            [words.get(right, right) for right in Permission if right in granted[scope] - _EVERYBODY],
        )
        for scope in Scope
        if granted.get(scope, frozenset()) - _EVERYBODY
    ]


def scope_words() -> Mapping[Scope, str]:
    return {
        Scope.EVERY: _("Sur toutes les demandes"),
        Scope.COMMUNE: _("Sur les demandes situées dans sa commune, ou reçues à son guichet"),
        Scope.COMMUNAL: _("Parmi celles-là, sur les demandes dont un service de la commune est chargé"),
        Scope.UNIT: _("Sur les demandes confiées à son service"),
        Scope.NOWHERE: _("En dehors des demandes"),
    }


def right_words() -> Mapping[Permission, str]:
    return {**_on_demands(), **_on_work(), **_on_people(), **_on_the_house()}


def _on_demands() -> dict[Permission, str]:
    return {
        P.CASE_VIEW: _("lire une demande"),
        P.CASE_CREATE: _("enregistrer une demande"),
        P.CASE_EDIT: _("corriger une demande"),
        P.CASE_NOTE: _("écrire une note interne"),
        P.CASE_ROUTE: _("confier une demande à un service"),
        P.CASE_ACCEPT: _("prendre en charge, planifier"),
        P.CASE_ASK: _("poser une question à l’usager"),
        P.CASE_BOUNCE: _("renvoyer une demande au centre"),
        P.CASE_RESOLVE: _("rendre compte du travail fait"),
        P.CASE_CLOSE: _("répondre à l’usager et clore"),
        P.CASE_CANCEL: _("annuler une demande"),
        P.CASE_REOPEN: _("rouvrir une demande"),
        P.CASE_FOLLOW: _("ajouter une personne qui suit une demande"),
        P.CASE_MERGE: _("rattacher deux demandes qui signalent la même chose"),
        P.CASE_RESTRICT: _("réserver une demande à quelques lecteurs"),
        P.CASE_UNRESTRICT: _("lever une réserve de lecture"),
        P.CASE_TALK: _("répondre à un message sans clore"),
        P.CASE_COORDINATE: _("décider où va une demande renvoyée deux fois"),
        P.CASE_REDISPATCH: _("déplacer des demandes d’un service à un autre"),
        P.GUEST_ASK: _("demander un avis à l’extérieur, par un lien"),
    }


def _on_work() -> dict[Permission, str]:
    return {
        P.INCIDENT_DECLARE: _("déclarer un incident"),
        P.ORDER_ASK: _("demander une intervention à un autre service"),
        P.ORDER_VIEW: _("lire les interventions"),
        P.ORDER_LEAD: _("accepter et planifier les interventions"),
        P.ORDER_DO: _("faire une intervention et en rendre compte"),
        P.ROUND_MAKE: _("préparer une tournée"),
        P.ROUND_VIEW: _("lire une tournée"),
        P.OFF_SCRIPT_REVIEW: _("relire les sorties du cadre"),
        P.APPOINTMENT_BOOK: _("prendre un rendez-vous pour un usager"),
        P.SLOT_OPEN: _("ouvrir des moments de rendez-vous"),
        P.ON_CALL_PLAN: _("prévoir les astreintes"),
        P.BOARD_VIEW: _("lire le tableau de bord"),
        P.RECEIPT_WATCH: _("surveiller les accusés dus par la loi"),
        P.RECEIPT_WAIVE: _("dire, avec un motif, qu’un accusé n’est pas dû"),
        P.LETTER_PRINT: _("imprimer les courriers"),
        P.CALLBACK_DO: _("rappeler les usagers"),
        P.INBOUND_STORE: _("enregistrer un courrier arrivé"),
        P.INBOUND_SORT: _("trier les messages arrivés"),
    }


def _on_people() -> dict[Permission, str]:
    return {
        P.CONTACT_VIEW: _("lire la fiche d’un usager"),
        P.CONTACT_EDIT: _("corriger la fiche d’un usager"),
        P.CONTACT_MERGE: _("réunir deux fiches d’une même personne"),
        P.CONTACT_REVEAL: _("afficher les coordonnées masquées, avec une trace"),
        P.READING_VIEW: _("savoir qui a ouvert la fiche d’un usager"),
        P.SECOND_FACTOR_RESET: _("rendre l’accès à qui a perdu sa seconde preuve"),
        P.STAFF_VIEW: _("chercher un collègue et ses savoir-faire"),
        P.STAFF_MANAGE: _("gérer organismes, services, agents et rôles"),
    }


def _on_the_house() -> dict[Permission, str]:
    return {
        P.DELIVERY_MANAGE: _("reprendre les envois en échec"),
        P.CALENDAR_MANAGE: _("changer le calendrier"),
        P.TERRITORY_LOAD: _("charger communes, voies et adresses"),
        P.CATALOGUE_LOAD: _("charger le catalogue des demandes"),
        P.CONTENT_VIEW: _("lire les réglages du catalogue et des modèles"),
        P.CONTENT_EDIT: _("changer à l’écran catégories, questions et modèles"),
        P.ROUTING_LOAD: _("charger des règles de compétence"),
        P.ROUTING_EDIT: _("préparer, essayer et publier les règles de compétence"),
        P.ROUTING_VIEW: _("lire les règles de compétence"),
        P.KEY_CREATE: _("créer les clés des partenaires"),
        P.WEBHOOK_MANAGE: _("gérer les programmes abonnés"),
    }
