"""What agents are told, in a sentence: the same on screen and in the mail that gathers what was not read."""

from __future__ import annotations

from collections.abc import Mapping

NOTICES: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "urgent_called": "Mise en sécurité : à prendre en charge",
        "urgent_escalated": "Mise en sécurité : personne ne l’a prise en charge depuis 30 minutes",
        "resolution_half": "La moitié du délai est passée",
        "resolution_nearly": "L’échéance approche",
        "resolution_due": "L’échéance est atteinte",
        "resolution_overdue": "En retard de trois jours ouvrés",
        "acceptance_due": "Le service ne l’a pas prise en charge",
        "first_answer_due": "Cinq jours ouvrés sont passés : personne n’a encore écrit à l’usager",
        "answer_nearly": "La date annoncée ne sera peut-être pas tenue : prévenez l’usager",
        "answer_due": "La date annoncée est atteinte : l’usager attend notre réponse",
        "answer_overdue": "La date annoncée est passée de trois jours ouvrés : l’usager attend notre réponse",
        "silence_nears": "Notre silence vaudra bientôt décision",
        "nobody": "Aucun service ne l’a depuis plus d’une heure : à qualifier",
        "to_decide": "Revenue deux fois ou plus : vous décidez où elle va",
        "call_near": "Rappel promis dans l’heure",
        "call_begun": "Rappel promis à cette heure : personne n’a encore appelé",
        "call_missed": "L’usager n’a pas été rappelé à l’heure promise",
        "order_asked": "Une intervention est demandée à votre service",
        "order_late": "Une intervention n’est pas faite à sa date",
        "opinion_given": "L’avis que vous avez demandé est arrivé",
        "referral_answered": "L’organisme a répondu à votre transmission",
        "referral_refused": "L’organisme a refusé : la demande est revenue à qualifier",
        "referral_silent": "L’organisme n’a pas répondu au jour dit : appelez-le",
    },
    "en": {
        "urgent_called": "Make safe: to be taken in charge",
        "urgent_escalated": "Make safe: nobody has taken it in charge for 30 minutes",
        "resolution_half": "Half of the time is gone",
        "resolution_nearly": "The due date is near",
        "resolution_due": "The due date is reached",
        "resolution_overdue": "Three working days late",
        "acceptance_due": "The unit has not taken it in charge",
        "first_answer_due": "Five working days are gone: nobody has written to the resident yet",
        "answer_nearly": "The announced date may not be kept: tell the resident",
        "answer_due": "The announced date is reached: the resident awaits our answer",
        "answer_overdue": "The announced date passed three working days ago: the resident awaits our answer",
        "silence_nears": "Our silence will soon be a decision",
        "nobody": "No unit has had it for more than an hour: to be sorted",
        "to_decide": "Came back twice or more: you decide where it goes",
        "call_near": "Promised call within the hour",
        "call_begun": "Call promised now: nobody has called yet",
        "call_missed": "The resident was not called back at the promised time",
        "order_asked": "A work order is asked of your unit",
        "order_late": "A work order is not done by its date",
        "opinion_given": "The opinion you asked for has come",
        "referral_answered": "The body answered your referral",
        "referral_refused": "The body refused: the request is back to be sorted",
        "referral_silent": "The body did not answer by its day: call them",
    },
}
MAIL: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "subject": "À suivre : {many} notification(s) non lue(s)",
        "hello": "Bonjour,\n\nVoici ce que vous n’avez pas encore lu dans la console.",
        "line": "- {reference} : {told}{due}",
        "due": " (date : {day})",
        "link": "Tout lire : {link}",
        "stop": "Recevoir ce message autrement, ou plus du tout : {link}",
    },
    "en": {
        "subject": "To follow: {many} unread notification(s)",
        "hello": "Hello,\n\nHere is what you have not read yet in the console.",
        "line": "- {reference}: {told}{due}",
        "due": " (date: {day})",
        "link": "Read everything: {link}",
        "stop": "To receive this message otherwise, or no more: {link}",
    },
}


def notice_in(language: str, kind: str) -> str:
    return NOTICES.get(language, NOTICES["fr"]).get(kind, kind)
