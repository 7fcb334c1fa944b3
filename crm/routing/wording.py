"""Reasons in words. A screen gives the names; a code without a name is shown as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import lazy_gettext as _

from crm.routing.checking import Problem
from crm.routing.deciding import Reason

Names = Callable[[str, str], str]

_OWNERS = {
    "public": _("la voie est publique"),
    "private": _("la voie est privée"),
    "departmental": _("la voie est une route départementale"),
    "state": _("la voie dépend de l’État"),
    "unknown": _("le propriétaire de la voie n’est pas connu"),
}
_DAYS = {
    "monday": _("reçue un lundi"),
    "tuesday": _("reçue un mardi"),
    "wednesday": _("reçue un mercredi"),
    "thursday": _("reçue un jeudi"),
    "friday": _("reçue un vendredi"),
    "saturday": _("reçue un samedi"),
    "sunday": _("reçue un dimanche"),
}
_REASONS = {
    "answer": _("réponse « %(answer)s » à « %(question)s »"),
    "sector": _("secteur %(sector)s"),
    "commune": _("commune de %(commune)s"),
    "category": _("catégorie « %(category)s »"),
    "domain": _("domaine « %(domain)s »"),
    "hours": _("reçue entre %(from)s et %(to)s"),
    "channel": _("arrivée par %(channel)s"),
    "place_kind": _("lieu de type « %(place_kind)s »"),
    "validity": _("règle en vigueur à la date de réception"),
    "default": _("règle générale"),
    "by_hand": _("choisi par un agent, qui a lu le message"),
    "rule": "%(text)s",
    "outside_territory": _("le lieu est hors du territoire de la métropole"),
    "category_unknown": _("aucune catégorie n’a été choisie"),
    "category_retired": _("la catégorie « %(category)s » n’est plus en service"),
    "another_body": _("un autre organisme est compétent (%(unit)s), à qui il reste à la transmettre"),
    "place_unknown": _("le lieu n’est pas assez précis pour savoir qui est compétent"),
    "no_rule": _("aucune règle ne dit qui est compétent pour « %(category)s »"),
    "unit_disabled": _("le service prévu par la règle n’est plus en service (%(unit)s)"),
    "unit_unknown": _("le service prévu par la règle n’existe pas"),
}
_PROBLEMS = {
    "tie": _("règles %(rules)s : également précises, une même demande peut remplir leurs conditions"),
    "unit_missing": _("règle %(rules)s : il faut dire à quel service"),
    "unit_unknown": _("règle %(rules)s : ce service n’existe pas"),
    "unit_disabled": _("règle %(rules)s : ce service n’est plus en service"),
    "unit_outside": _("règle %(rules)s : cet organisme n’est pas à nous, il faut lui transmettre (refer)"),
    "decision_unknown": _("règle %(rules)s : décision inconnue"),
    "advice_missing": _("règle %(rules)s : un refus doit dire à qui s’adresser"),
    "hours_incomplete": _("règle %(rules)s : il faut une heure de début et une heure de fin"),
    "dates_reversed": _("règle %(rules)s : la date de fin précède la date de début"),
    "priority_unknown": _("règle %(rules)s : la priorité va de 1 à 4"),
}


def _as_is(kind: str, code: str) -> str:
    return code


def reason_sentence(reason: Reason, names: Names = _as_is) -> str:
    """Why, in the reader's language, without capital or full stop.

    Args:
        names: (kind, code) → words, for the kinds `category`, `domain`, `commune`, `sector`, `unit`,
            `channel`, `place_kind`, `question`, `answer`.
    """
    if reason.code == "road_owner":
        return str(_OWNERS.get(reason.params["road_owner"], _OWNERS["unknown"]))
    if reason.code == "weekday":
        return str(_DAYS[reason.params["weekday"]])
    if reason.code == "no_rule" and not reason.params.get("category"):
        return str(_("aucune règle ne dit qui est compétent"))
    words = {kind: names(kind, code) for kind, code in reason.params.items()}
    return _filled(str(_REASONS[reason.code]), words)


def problem_sentence(problem: Problem) -> str:
    """What to mend in a set of rules, in the reader's language."""
    return _filled(str(_PROBLEMS[problem.code]), {"rules": ", ".join(map(str, problem.positions))})


def _filled(sentence: str, words: Mapping[str, str]) -> str:
    return sentence % dict(words)
