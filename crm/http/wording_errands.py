"""What is done behind the agents, and why it failed, in their words."""

from __future__ import annotations

from crm.http.language import gettext as _


def errand_words() -> dict[str, dict[str, str]]:
    return {
        "job": {
            "acknowledge": _("Accusé d’enregistrement"),
            "send_message": _("Message à l’usager"),
            "confirm_sms_wish": _("Confirmation d’un « STOP » ou d’un « REPRENDRE »"),
            "reach_otherwise": _("Message refusé : autre moyen de joindre l’usager"),
            "send_invitation": _("Lien pour qu’un agent choisisse son mot de passe"),
            "hand_over_unit": _("Demandes d’un service fermé, passées à un autre"),
            "send_space_link": _("Lien d’un espace personnel"),
            "simulate_routing": _("Simulation de règles de compétence"),
            "call_out": _("Appel de l’astreinte"),
            "reckon_clocks": _("Échéances à recalculer"),
            "do_lots": _("Travail sur plusieurs demandes"),
            "forget_files": _("Effacement de fichiers retirés"),
            "store_files": _("Enregistrement de photos et de fichiers"),
            "understand_inbound": _("Lecture d’un message reçu"),
            "keep_raw": _("Enregistrement de l’original d’un message reçu"),
            "fetch_media": _("Récupération d’une photo donnée par un partenaire"),
            "hand_over": _("Transmission à l’organisme compétent"),
            "invite_guest": _("Lien pour une personne extérieure"),
            "tell_referral": _("Avis de transmission"),
            "tell_reopening": _("Avis de réouverture"),
            "tell_made_safe": _("Avis de mise en sécurité"),
            "tell_appointment": _("Message de rendez-vous"),
            "tell_call_back": _("Annonce d’un rappel promis"),
            "tell_follower": _("Avis de suivi"),
            "tell_followers": _("Nouvelles aux personnes qui suivent"),
            "tell_merged": _("Avis de rattachement"),
            "tell_incident_over": _("Dire à chacun la fin de l’incident"),
            "prepare_webhooks": _("Recherche des programmes abonnés"),
            "tell_subscribers": _("Notification à un programme abonné"),
        },
        "guest_purpose": {
            "referral": _("Transmission"),
            "opinion": _("Avis"),
            "work": _("Travail d’un prestataire"),
        },
        "guest_answer": {
            "taken": _("Prise en charge"),
            "planned": _("Datée"),
            "done": _("Faite"),
            "refused": _("Refusée"),
            "given": _("Avis reçu"),
        },
        "guest_says_referral": {
            "taken": _("Nous la prenons en charge"),
            "done": _("C’est fait"),
            "refused": _("Elle ne relève pas de nous"),
        },
        "guest_says_work": {
            "taken": _("Nous prenons le travail"),
            "planned": _("Nous le datons"),
            "done": _("C’est fait"),
            "refused": _("Ce n’est pas pour nous"),
        },
        "came_reason": {
            "number_hidden": _("Numéro caché : on ne peut pas rappeler"),
            "back_to_call": _("Rappel à faire"),
            "back_called": _("Rappelé"),
            "back_cancelled": _("Rappel annulé"),
            "unsaid": _("Pas encore expliqué"),
            "left": _("Partie sans être reçue"),
            "answered": _("Répondu aussitôt"),
            "thanks": _("Rien n’est demandé (merci, pour information)"),
        },
        "delivery_error": {
            "unavailable": _("Le serveur ne répond pas"),
            "refused": _("Refusé par le destinataire"),
            "no_answer": _("Le serveur ne répond pas"),
            "name_unknown": _("Le nom du serveur est inconnu"),
            "private_address": _("Adresse intérieure, jamais appelée"),
            "bad_address": _("Adresse impossible à appeler"),
            "subscription_stopped": _("Abonnement arrêté"),
            "too_heavy": _("Réponse trop longue"),
        },
        "media_error": {
            "bad_address": _("Adresse mal écrite"),
            "private_address": _("Adresse interne, que nous n’appelons pas"),
            "too_many_redirections": _("Adresse qui renvoie sans fin à une autre"),
            "too_heavy": _("Fichier trop lourd"),
            "not_there": _("Rien à cette adresse"),
            "not_a_photo": _("Ni une photo ni un PDF"),
            "too_many_on_case": _("La demande a déjà trop de fichiers"),
        },
    }
