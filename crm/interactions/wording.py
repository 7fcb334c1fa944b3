"""The words of codes, in French; screens translate them. `%(date)s` is the moment the message left."""

from __future__ import annotations

from collections.abc import Mapping


def N_(text: str) -> str:
    return text


STATES: Mapping[str, str] = {
    "received": N_("reçu le %(date)s"),
    "recorded": N_("noté le %(date)s"),
    "queued": N_("pas encore envoyé"),
    "sent": N_("envoyé le %(date)s"),
    "failed": N_("pas encore envoyé, un nouvel essai est prévu"),
    "refused": N_("refusé par le destinataire"),
    "to_print": N_("à imprimer"),
    "printed": N_("imprimé le %(date)s"),
    "to_call": N_("à rappeler"),
    "called": N_("appelé le %(date)s"),
    "cancelled": N_("annulé"),
}

CHANNELS: Mapping[str, str] = {
    "phone": N_("téléphone"),
    "phone_relay": N_("téléphone par un centre relais"),
    "email": N_("courriel"),
    "web": N_("site internet"),
    "desk": N_("guichet"),
    "letter": N_("courrier"),
    "sms": N_("SMS"),
    "social": N_("réseau social"),
    "app": N_("application"),
    "field": N_("terrain"),
    "partner_api": N_("partenaire"),
    "relay": N_("relais de proximité"),
    "internal": N_("interne"),
}

KINDS: Mapping[str, str] = {
    "opening": N_("premier échange"),
    "call": N_("appel"),
    "visit": N_("passage au guichet"),
    "message": N_("message"),
    "note": N_("note interne"),
    "routing": N_("motif d’affectation"),
    "bounce": N_("motif de renvoi"),
    "report": N_("compte rendu du service"),
    "no_photo": N_("pourquoi sans photo"),
    "withdrawal": N_("motif du retrait d’un fichier"),
    "cancel": N_("motif d’annulation"),
    "reopening": N_("motif de réouverture"),
    "precision": N_("précision de l’usager"),
    "partner_update": N_("nouvelle d’un partenaire"),
    "follow_up": N_("relance de l’usager"),
    "reply": N_("réponse à un message"),
    "reply_notice": N_("avis de réponse"),
    "too_big": N_("avis de message trop volumineux"),
    "reach_changed": N_("avis de changement d’adresse"),
    "reach_confirmation": N_("confirmation d’adresse"),
    "information": N_("réponse sans demande"),
    "registration": N_("accusé d’enregistrement"),
    "acknowledgement": N_("accusé de réception"),
    "receipt_waived": N_("motif d’un accusé non dû"),
    "question": N_("question à l’usager"),
    "answer": N_("réponse"),
    "referral": N_("transmission"),
    "handover": N_("transmission à l’organisme compétent"),
    "reopened": N_("avis de réouverture"),
    "secured": N_("avis de mise en sécurité"),
    "delay": N_("avis de retard"),
    "delay_motive": N_("raison du retard"),
    "field_need": N_("besoin dit sur le terrain"),
    "digest": N_("point du lundi pour la mairie"),
    "following": N_("« moi aussi »"),
    "to_followers": N_("réponse aux personnes qui suivent"),
    "followed": N_("avis de suivi"),
    "follower_news": N_("nouvelles à qui suit"),
    "callback": N_("appel interrompu à reprendre"),
    "to_reach": N_("usager à joindre autrement"),
    "missed_call": N_("appel manqué à rappeler"),
    "off_script": N_("enregistrée malgré la consigne"),
}
