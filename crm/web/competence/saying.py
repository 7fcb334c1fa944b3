"""Rules, fates and changes in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm import territory
from crm.catalogue import Question
from crm.http import gettext as _
from crm.http import in_sentence, language, ngettext, reading, typo, wiring, wording
from crm.http.dates import clock_hour, full_day
from crm.routing import WEEKDAYS, Rule, Share
from crm.web.explaining import names

Names = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Said:
    """A rule in the cells of a line."""

    subject: str
    ground: str
    conditions: str
    outcome: str


def naming() -> Names:
    """(kind, code) → words, sectors included."""
    known = names()
    with reading() as session:
        sectors = {line.code: line.name for line in territory.sectors(session)}

    def words(kind: str, code: str) -> str:
        if kind == "sector":
            return sectors.get(code, code)
        if kind == "place_kind":
            return place_kinds().get(code, code)
        return known(kind, code)

    return words


def asked_in(subject: str | None) -> dict[str, Question]:
    """Key → the question asked under it, in a category, in a domain, or anywhere: two categories may ask
    different ones under one key.
    """
    catalogue, _index = wiring().rulebooks.categories()
    every = catalogue.categories.values()
    ours = [one for one in every if subject in {one.code, one.domain_code}]
    return {
        asked.key: asked
        for category in reversed(ours or list(every))
        for asked in (*category.past_questions, *category.questions)
    }


def question_words(subject: str | None, key: str) -> str:
    found = asked_in(subject).get(key)
    if found is None:
        return key
    return found.label_en if language() == "en" else found.label


def answer_words(subject: str | None, key: str, value: str) -> str:
    return value_words(asked_in(subject).get(key), value)


def value_words(asked: Question | None, value: str) -> str:
    if value in {"yes", "no"}:
        return _("oui") if value == "yes" else _("non")
    return asked.wording(value, english=language() == "en") if asked else value


def place_kinds() -> dict[str, str]:
    return {
        "exact": _("un point précis"),
        "street": _("une rue"),
        "home": _("un domicile"),
        "none": _("sans lieu"),
    }


def weekday_words() -> dict[str, str]:
    words = (_("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche"))
    return dict(zip(WEEKDAYS, words, strict=True))


def rule_words(rule: Rule, naming: Names) -> Said:
    if rule.category_code:
        subject = naming("category", rule.category_code)
    elif rule.domain_code:
        subject = _("%(domain)s (tout le domaine)", domain=naming("domain", rule.domain_code))
    else:
        subject = _("Tout sujet")
    ground = [naming("commune", rule.insee)] if rule.insee else []
    ground += [naming("sector", rule.sector_code)] if rule.sector_code else []
    return Said(
        typo(subject),
        ", ".join(ground) or _("Partout"),
        ", ".join(_conditions(rule, naming)),
        fate_of(rule, naming),
    )


def fate_of(rule: Rule, naming: Names) -> str:
    if rule.decision == "refuse":
        return _("Refuser, en disant à qui s’adresser")
    unit = naming("unit", str(rule.unit_id))
    return _("Transmettre à %(unit)s", unit=unit) if rule.decision == "refer" else unit


def fate_words(fate: str, naming: Names) -> str:
    """« route:12 » → the unit’s name."""
    kind, _colon, code = fate.partition(":")
    if kind == "refuse":
        return _("Refus, avec à qui s’adresser")
    if kind == "qualify":
        return _("À qualifier")
    unit = naming("unit", code)
    return _("Transmission à %(unit)s", unit=unit) if kind == "refer" else unit


def share_words(share: Share, naming: Names) -> dict[str, Any]:
    """As a choice of a list: « Astreinte sécurité », « 2 règles, certains jours ou à certaines heures »."""
    many = ngettext("une règle", "%(num)d règles", share.number)
    at_times = _("%(rules)s, certains jours ou à certaines heures", rules=many)
    detail = at_times if share.at_times else many
    label = naming("unit", str(share.unit_id))
    return {"value": share.code, "label": label, "detail": detail, "share": share}


def _conditions(rule: Rule, naming: Names) -> list[str]:
    told = [in_sentence(wording(rule.road_owner, "road_owner"))] if rule.road_owner else []
    subject = rule.category_code or rule.domain_code
    for key, accepted in sorted(rule.answers.items()):
        answers = _(" ou ").join(answer_words(subject, key, value) for value in accepted)
        told.append(
            typo(_("%(question)s %(answers)s", question=question_words(subject, key), answers=answers))
        )
    if rule.channel:
        told.append(_("par %(channel)s", channel=in_sentence(wording(rule.channel, "channel"))))
    if rule.place_kind:
        told.append(place_kinds().get(rule.place_kind, rule.place_kind))
    told += _when(rule)
    if rule.priority:
        told.append(_("priorité %(priority)s", priority=rule.priority))
    return told


def _when(rule: Rule) -> list[str]:
    told = []
    if rule.weekdays:
        days = weekday_words()
        told.append(", ".join(days[day] for day in WEEKDAYS if day in rule.weekdays))
    if rule.starts_at and rule.ends_at:
        told.append(f"{clock_hour(rule.starts_at)} – {clock_hour(rule.ends_at)}")
    if rule.valid_from:
        told.append(_("à partir du %(day)s", day=full_day(rule.valid_from)))
    if rule.valid_to:
        told.append(_("jusqu’au %(day)s", day=full_day(rule.valid_to)))
    return told


def field_words() -> Mapping[str, str]:
    return {
        "category_code": _("Catégorie"),
        "domain_code": _("Domaine"),
        "insee": _("Commune"),
        "sector_code": _("Secteur"),
        "road_owner": _("Propriétaire de la voie"),
        "place_kind": _("Sorte de lieu"),
        "channel": _("Canal"),
        "answers": _("Réponses"),
        "weekdays": _("Jours"),
        "starts_at": _("De"),
        "ends_at": _("À"),
        "valid_from": _("À partir du"),
        "valid_to": _("Jusqu’au"),
        "decision": _("Décision"),
        "unit_id": _("Service"),
        "priority": _("Priorité"),
        "advice": _("Ce que l’usager doit faire"),
        "advice_en": _("Le même texte en anglais"),
        "reason": _("Pourquoi"),
    }


_CODED = {"category_code": "category", "domain_code": "domain", "insee": "commune", "sector_code": "sector"}
_CODED |= {"unit_id": "unit", "channel": "channel", "place_kind": "place_kind"}


def change_words(changes: Mapping[str, list[object]], naming: Names, subject: str | None = None) -> list[str]:
    """« Service : Éclairage Est → Éclairage Ouest », one line for each field.

    Args:
        subject: the category or domain of the rule, whose questions are named.
    """
    labels = field_words()
    told = []
    for name, values in changes.items():
        label = labels.get(name, name)
        if len(values) != 2:
            told.append(_("%(field)s : texte changé", field=label))
            continue
        old, new = (_value_words(name, value, naming, subject) for value in values)
        told.append(typo(f"{label} : {old} → {new}"))
    return told


def _value_words(name: str, value: object, naming: Names, subject: str | None) -> str:
    if value is None:
        return "—"
    if name in _CODED:
        return naming(_CODED[name], str(value))
    if name == "road_owner":
        return in_sentence(wording(str(value), "road_owner"))
    if name == "decision":
        return decision_words().get(str(value), str(value))
    if name in {"valid_from", "valid_to"}:
        return full_day(date.fromisoformat(str(value)))
    if name == "weekdays" and isinstance(value, list):
        return ", ".join(weekday_words().get(str(day), str(day)) for day in value)
    if name == "answers" and isinstance(value, Mapping):
        return ", ".join(
            f"{question_words(subject, key)} {'/'.join(answer_words(subject, key, one) for one in accepted)}"
            for key, accepted in value.items()
        )
    return str(value)


def decision_words() -> dict[str, str]:
    return {
        "route": _("Confier à ce service"),
        "refer": _("Transmettre à cet organisme, et clore"),
        "refuse": _("Refuser en disant à qui s’adresser, et clore"),
    }
