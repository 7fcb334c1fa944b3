"""Fields, values, mistakes and changes of the catalogue, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.catalogue import Mistake
from crm.http import gettext as _
from crm.http import reason, typo, wording
from crm.http.dates import full_day
from crm.web.explaining import category_label

NOTHING = "—"
_MANY = frozenset({"synonyms", "words", "unless"})


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


def field_words() -> dict[str, str]:
    return {
        "label": _("Nom"),
        "label_en": _("Nom en anglais"),
        "synonyms": _("Mots des usagers"),
        "place": _("Lieu"),
        "priority": _("Priorité"),
        "delay_days": _("Délai"),
        "delay_unit": _("Unité du délai"),
        "decision_regime": _("Si nous ne répondons pas"),
        "decision_months": _("Au bout de combien de mois"),
        "outcomes": _("Issues proposées d’abord"),
        "dangers": _("Dangers"),
        "evidence": _("Photo du travail fait"),
        "map_display": _("Carte publique"),
        "identity_level": _("Identité demandée"),
        "handling": _("Ce que nous faisons"),
        "handling_en": _("Ce que nous faisons, en anglais"),
        "position": _("Rang dans la liste"),
        "is_active": _("En service"),
        "retired_on": _("Retirée à partir du"),
        "replaced_by": _("Remplacée par"),
        "question": _("Questions"),
        "words": _("Mots qui alertent"),
        "unless": _("Sauf si l’on dit"),
        "say": _("Phrase à dire"),
        "say_en": _("Phrase à dire, en anglais"),
        "call": _("Numéro à donner"),
        "raises_to": _("Priorité donnée"),
        "sentence": _("Phrase dite à l’usager"),
        "sentence_en": _("Phrase dite à l’usager, en anglais"),
        "followed": _("Phrase dite à qui suit la demande"),
        "followed_en": _("Phrase dite à qui suit la demande, en anglais"),
        "for_any": _("Proposée pour toute demande"),
    }


def code_words() -> dict[str, dict[str, str]]:
    """Field → code → words."""
    return {
        "place": {
            "exact": _("Un point précis"),
            "street": _("Une rue"),
            "home": _("Un domicile"),
            "none": _("Sans lieu"),
        },
        "delay_unit": {"working_day": _("Jours ouvrés"), "month": _("Mois")},
        "decision_regime": {
            "none": _("Rien : ce n’est pas une décision"),
            "implicit_rejection": _("La demande est refusée"),
            "implicit_acceptance": _("La demande est acceptée"),
        },
        "map_display": {
            "point": _("Montrée au point"),
            "segment": _("Montrée à la rue"),
            "never": _("Jamais montrée"),
        },
        "identity_level": {
            "0": _("Aucune"),
            "1": _("Un moyen de joindre"),
            "2": _("Un nom et un moyen de joindre"),
            "3": _("Une identité vérifiée"),
        },
        "kind": {
            "text": _("Texte"),
            "number": _("Nombre"),
            "yesno": _("Oui ou non"),
            "choice": _("Choix dans une liste"),
            "date": _("Date"),
        },
    }


def mistake_words(mistake: Mistake) -> str:
    """« Nom : remplissez cette case »."""
    label = field_words().get(str(mistake.at[0]), str(mistake.at[0]))
    return typo(f"{label} : {why(mistake.code, mistake.what)}")


def why(code: str, what: str = "") -> str:
    told = {
        "at_least_one": _("Choisissez-en au moins une."),
        "out_of_bounds": _("Écrivez un nombre raisonnable."),
        "months_and_regime": _("Écrivez un nombre de mois, de 1 à 24."),
        "map_without_place": _("Sans lieu, rien ne peut être montré sur la carte."),
        "choices_and_kind": _("Écrivez au moins une réponse à choisir."),
        "choice_twice": _("La même réponse est écrite deux fois."),
        "question_twice": _("La même question est posée deux fois : retirez-en une."),
        "label_taken": _(
            "%(code)s porte déjà ce nom : choisissez-en un autre.", code=what or _("Une autre catégorie")
        ),
        "heir_retired": _(
            "%(code)s n’est plus en service, ou ne le sera plus. Choisissez-en une autre.",
            code=what or _("Cette catégorie"),
        ),
        "no_word": _("« %(what)s » ne contient aucun mot : écrivez des lettres.", what=what)
        if what
        else _("Une ligne ne contient aucun mot : écrivez des lettres."),
        "danger_code": _("Écrivez de deux à quatre lettres majuscules ou chiffres, sans accent."),
        "danger_taken": _("Un autre danger porte déjà ce sigle : choisissez-en un autre."),
        "outcome_says_nothing": _(
            "Écrivez des mots en français : sans eux, agents et usagers liraient une issue qui ne dit rien."
        ),
        "outcome_label_taken": _("Une autre issue porte déjà ce nom : choisissez-en un autre."),
        "hole_in_sentence": _("Retirez les accolades : aucun champ n’est remplacé dans cette phrase."),
        "followed_in_english_alone": _("Écrivez aussi cette phrase en français, ou retirez l’anglaise."),
        "not_a_number_to_call": _("Écrivez un numéro de téléphone, ou laissez vide."),
        "outcome_unanswered": _("Aucune réponse type n’existe pour « %(outcome)s ».", outcome=_outcome(what)),
        "rule_waits_for_question": _(
            "Une règle de compétence attend la réponse à « %(what)s » : changez d’abord la règle.", what=what
        ),
        "rule_waits_for_answer": _(
            "Une règle de compétence attend la réponse « %(what)s » : changez d’abord la règle.", what=what
        ),
    }
    return told.get(code) or reason(code)


def _outcome(code: str) -> str:
    return wording(code, "outcome") if code else ""


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs, field by field; of lists of words, only those that come and go."""
    words, told = field_words(), list[Change]()
    for name in words:
        before, after = old.get(name), new.get(name)
        if before == after or name not in {*old, *new}:
            continue
        if name == "question":
            told += _of_questions(before or [], after or [])
        elif name in _MANY:
            told.append(_of_lists(words[name], before or [], after or []))
        else:
            told.append(Change(words[name], _value(name, before), _value(name, after)))
    return list(dict.fromkeys(told))


def _of_lists(label: str, old: list[str], new: list[str]) -> Change:
    gone, come = ([one for one in a if one not in b] for a, b in ((old, new), (new, old)))
    if not gone and not come:
        return Change(label, _("dans un autre ordre"), _("dans un nouvel ordre"))
    return Change(label, ", ".join(gone) or NOTHING, ", ".join(come) or NOTHING)


def _of_questions(old: list[Any], new: list[Any]) -> list[Change]:
    before, after = ({one["key"]: one for one in asked} for asked in (old, new))
    told = [
        Change(
            _("Question « %(label)s »", label=(after.get(key) or before[key])["label"]),
            question_words(before[key]) if key in before else NOTHING,
            question_words(after[key]) if key in after else NOTHING,
        )
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    ]
    both = before.keys() & after.keys()
    if [key for key in before if key in both] != [key for key in after if key in both]:
        told.append(Change(_("Ordre des questions"), *(_labels(asked) for asked in (old, new))))
    return told


def _labels(asked: list[Any]) -> str:
    return ", ".join(one["label"] for one in asked)


def question_words(asked: Mapping[str, Any]) -> str:
    """« Voit-on des fils ? Oui ou non, obligatoire. Oui : priorité 1. »"""
    kind = code_words()["kind"].get(asked["kind"], asked["kind"])
    must = _("obligatoire") if asked["is_required"] else _("facultative")
    told = [f"{asked['label']} / {asked['label_en']}", f"{kind}, {must}"]
    told += [", ".join(f"{one['label']} / {one['label_en']}" for one in asked["choices"])]
    for change in asked["raises"]:
        answer = _answer(asked, change["when"])
        if change["priority"]:
            told.append(_("%(answer)s : priorité %(priority)s", answer=answer, priority=change["priority"]))
        if change["map"]:
            told.append(_("%(answer)s : jamais sur la carte", answer=answer))
    for stop in asked["stops"]:
        told.append(_("%(answer)s : dire « %(say)s »", answer=_answer(asked, stop["when"]), say=stop["say"]))
    return typo(". ".join(part for part in told if part))


def _answer(asked: Mapping[str, Any], value: str) -> str:
    known = {"yes": _("Oui"), "no": _("Non")}
    known |= {one["value"]: one["label"] for one in asked["choices"]}
    return known.get(value, value)


def _value(name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if name == "outcomes":
        return ", ".join(_outcome(code) for code in value)
    if name == "retired_on":
        return full_day(date.fromisoformat(value))
    if name == "replaced_by":
        return f"{category_label(value)} ({value})"
    known = code_words().get(name, {}).get(str(value))
    return known or (", ".join(value) if isinstance(value, list) else typo(str(value)))
