"""Codes of messages, holes and remarks in words."""

from __future__ import annotations

from crm.http import gettext as _
from crm.http import language, typo, wiring, wording
from crm.knowledge import Remark, Use


def message_words() -> dict[str, str]:
    """Message → its name, the most used first."""
    return {
        "answer": _("Réponse"),
        "registration": _("Accusé d’enregistrement"),
        "acknowledgement": _("Accusé de réception"),
        "question": _("Question à l’usager"),
        "reply": _("Réponse à un message, sans clore"),
        "delay": _("Retard annoncé"),
        "reopened": _("Demande rouverte"),
        "referral": _("Demande transmise ailleurs : à l’usager"),
        "handover": _("Demande transmise ailleurs : à l’organisme"),
        "followed": _("Inscription de qui suit la demande"),
        "follower_news": _("Nouvelles pour qui suit la demande"),
        "appointment": _("Rendez-vous confirmé"),
        "appointment_reminder": _("Rappel du rendez-vous"),
        "appointment_off": _("Rendez-vous annulé"),
        "call_back_slot": _("Appel promis entre deux heures"),
        "continuation": _("Lien pour finir une demande en ligne"),
        "space_link": _("Lien vers l’espace de l’usager"),
        "reach_changed": _("Moyen de contact changé"),
        "reach_confirmation": _("Moyen de contact à confirmer"),
        "sms_refused": _("SMS arrêtés"),
        "sms_accepted": _("SMS repris"),
        "opinion_request": _("Avis demandé à l’extérieur"),
        "work_request": _("Travail demandé à l’extérieur"),
        "guest_reminder": _("Relance de qui est sollicité à l’extérieur"),
        "opinion_late": _("Avis en retard : à l’usager"),
        "incident_over": _("Fin d’un incident : à chacun"),
    }


def use_words(use: Use) -> str:
    """« Fait · SMS · Guirlande éteinte »; « Tous les cas » for the most general."""
    about = use.category_code or use.domain_code
    parts = [
        wording(use.outcome, "outcome") if use.outcome else "",
        wording(use.channel, "channel") if use.channel else "",
        about_words(about) if about else "",
    ]
    told = " · ".join(part for part in parts if part) or _("Tous les cas")
    return _("%(use)s, en anglais", use=told) if use.language else told


def about_words(code: str) -> str:
    """A category or a domain by its name."""
    known, _index = wiring().rulebooks.categories()
    category, domain = known.category(code), known.domain(code)
    english = language() == "en"
    if category:
        return category.label_en if english else typo(category.label)
    if domain:
        label = domain.label_en if english else typo(domain.label)
        return _("Domaine « %(domain)s »", domain=label)
    return code or _("Toutes les demandes")


def hole_words() -> dict[str, str]:
    return {
        "reference": _("numéro de la demande"),
        "object": _("catégorie de la demande"),
        "place": _("lieu"),
        "received_date": _("jour de réception"),
        "due_date": _("date annoncée"),
        "safe_date": _("jour où le danger a été écarté"),
        "today": _("jour de l’envoi"),
        "outcome_text": _("phrase de l’issue"),
        "report": _("compte rendu du service"),
        "question": _("question posée"),
        "advice": _("à qui s’adresser, d’après la règle"),
        "organization": _("organisme"),
        "unit": _("service"),
        "unit_address": _("adresse du service"),
        "unit_phone": _("téléphone du service"),
        "unit_email": _("courriel du service"),
        "centre_phone": _("téléphone du centre"),
        "centre_hours": _("horaires du centre"),
        "agent": _("signature"),
        "link": _("lien de suivi"),
        "receipt_link": _("lien de l’accusé"),
        "guest_link": _("lien de la personne sollicitée"),
        "implicit_decision_date": _("jour où le silence vaut refus"),
        "implicit_acceptance_date": _("jour où le silence vaut accord"),
        "words": _("ce que l’usager a écrit"),
        "details": _("réponses de l’usager aux questions"),
        "usager": _("nom et contact de l’usager"),
        "message": _("mots de l’agent"),
        "appointment_day": _("jour du rendez-vous"),
        "appointment_hour": _("heure du rendez-vous"),
        "appointment_how": _("façon du rendez-vous"),
        "appointment_place": _("lieu du rendez-vous"),
        "appointment_link": _("lien du rendez-vous"),
        "call_day": _("jour de l’appel"),
        "call_from": _("appel à partir de"),
        "call_until": _("appel avant"),
        "call_number": _("numéro que nous appelons"),
    }


def remark_words(remark: Remark) -> str:
    if remark.code == "missing_hole":
        name = hole_words()[remark.shown]
        return typo(_("Il manque {%(hole)s} : %(name)s.", hole=remark.shown, name=name))
    return typo(_remarks()[remark.code] % {"shown": remark.shown})


def _remarks() -> dict[str, str]:
    return {
        "long_sentence": _("Phrase de plus de vingt mots : « %(shown)s ». Coupez-la en deux."),
        "cold_word": _("« %(shown)s » éloigne le lecteur : dites-le simplement."),
        "familiar": _("Le texte tutoie : écrivez « vous »."),
        "by_hand": _("Apostrophe droite, tabulation ou espace insécable : écrivez ’ et des espaces simples."),
        "no_date": _("Aucune date : dites quand, plutôt que « bientôt »."),
        "no_counter": _("Aucune voie sans écran : citez l’accueil de la mairie."),
        "echo": _("{%(shown)s} répète les mots d’une personne : un accusé part tout seul et ne le doit pas."),
        "sms_long": _("%(shown)s SMS : deux au plus. Raccourcissez."),
        "sms_marks": _("Un signe double le prix du SMS (émoji, autre alphabet) : retirez-le."),
        "no_invitation": _("Le lecteur ne sait pas comment répondre : « Répondez à ce message »."),
        "no_appeal": _("Un refus dit comment le contester : citez le médiateur."),
        "no_return": _("Rien constaté : dites que nous repasserons si l’usager précise le lieu."),
    }
