"""The form of one rule: what stands in it, what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from crm import territory
from crm.catalogue import ARRIVALS, Question
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import language, reading, typo, whole_number, wiring
from crm.http.wording import FAMILIES
from crm.routing import WEEKDAYS, Rule
from crm.web.competence.saying import (
    answer_words,
    decision_words,
    place_kinds,
    question_words,
    value_words,
    weekday_words,
)
from crm.web.explaining import commune_names

T = TypeVar("T")


def filled(rule: Rule) -> dict[str, Any]:
    """What stands in the form, as its fields are named."""
    return {
        "subject": rule.category_code or rule.domain_code or "",
        "insee": rule.insee or "",
        "sector": rule.sector_code or "",
        "road_owner": rule.road_owner or "",
        "place_kind": rule.place_kind or "",
        "channel": rule.channel or "",
        "answers": [f"{key}={value}" for key, accepted in rule.answers.items() for value in accepted],
        "weekdays": sorted(rule.weekdays),
        "starts_at": f"{rule.starts_at:%H:%M}" if rule.starts_at else "",
        "ends_at": f"{rule.ends_at:%H:%M}" if rule.ends_at else "",
        "valid_from": rule.valid_from or "",
        "valid_to": rule.valid_to or "",
        "decision": rule.decision,
        "unit_id": rule.unit_id or "",
        "priority": rule.priority or "",
        "advice": rule.advice,
        "advice_en": rule.advice_en,
        "reason": rule.reason,
    }


def typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """The same, as it was posted: nothing typed is lost."""
    blank = filled(Rule(id=0, position=0, decision="route"))
    lists = {"answers", "weekdays"}
    return {name: form.getlist(name) if name in lists else form.get(name, "").strip() for name in blank}


def said(form: MultiDict[str, str]) -> Rule:
    """
    Raises:
        Invalid: a code that is not in its list, a date or an hour that is none.
    """
    told, wrong = typed(form), dict[str, str]()
    listed = choices()
    for name in ("subject", "insee", "sector", "road_owner", "place_kind", "channel", "decision"):
        if told[name] and told[name] not in {value for value, _label in listed[name]}:
            wrong[name] = "unknown"
    starts_at, ends_at = (_read(told, name, time.fromisoformat, wrong) for name in ("starts_at", "ends_at"))
    valid_from, valid_to = (
        _read(told, name, date.fromisoformat, wrong) for name in ("valid_from", "valid_to")
    )
    if wrong:
        raise Invalid(wrong)
    catalogue, _index = wiring().rulebooks.categories()
    is_category = told["subject"] in catalogue.categories
    refused = told["decision"] == "refuse"
    return Rule(
        id=0,
        position=0,
        category_code=told["subject"] if is_category else None,
        domain_code=None if is_category else told["subject"] or None,
        insee=told["insee"] or None,
        sector_code=told["sector"] or None,
        road_owner=told["road_owner"] or None,
        place_kind=told["place_kind"] or None,
        channel=told["channel"] or None,
        answers=_answers(told["answers"]),
        weekdays=frozenset(told["weekdays"]) & frozenset(WEEKDAYS),
        decision=told["decision"],
        unit_id=None if refused else whole_number(told["unit_id"]),
        priority=whole_number(told["priority"]),
        advice=told["advice"],
        advice_en=told["advice_en"],
        reason=told["reason"],
        starts_at=starts_at,
        ends_at=ends_at,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _read(told: Mapping[str, Any], name: str, read: Callable[[str], T], wrong: dict[str, str]) -> T | None:
    try:
        return read(told[name]) if told[name] else None
    except ValueError:
        wrong[name] = "not_a_date"
        return None


def _answers(ticked: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in ticked:
        key, _equal, value = one.partition("=")
        if key and value:
            found[key] = (*found.get(key, ()), value)
    return found


def choices() -> dict[str, list[tuple[str, str]]]:
    """What each list of the form offers."""
    with reading() as session:
        sectors = territory.sectors(session)
    communes = commune_names()
    cards = wiring().rulebooks.units().values()
    units = sorted((card for card in cards if card.is_active), key=lambda c: (c.organization_name, c.name))
    owners = FAMILIES()["road_owner"]
    channels = FAMILIES()["channel"]
    return {
        "subject": subjects(),
        "insee": list(communes.items()),
        "sector": [(one.code, f"{communes.get(one.insee, one.insee)} — {one.name}") for one in sectors],
        "road_owner": [(code, str(word)) for code, word in owners.items()],
        "place_kind": list(place_kinds().items()),
        "channel": [(code, str(channels[code])) for code in ARRIVALS],
        "unit_id": [(str(card.id), f"{card.organization_name} — {card.name}") for card in units],
        "decision": list(decision_words().items()),
        "weekdays": list(weekday_words().items()),
    }


def subjects() -> list[tuple[str, str]]:
    """Each domain, then its categories in use."""
    catalogue, _index = wiring().rulebooks.categories()
    english = language() == "en"
    listed: list[tuple[str, str]] = []
    for domain in catalogue.domains:
        label = domain.label_en if english else domain.label
        listed.append((domain.code, _("%(domain)s (tout le domaine)", domain=label)))
        listed += [
            (category.code, f"{label} — {category.label_en if english else typo(category.label)}")
            for category in catalogue.categories.values()
            if category.domain_code == domain.code and category.is_active
        ]
    return listed


def asked_answers(subject: str, ticked: list[str]) -> list[dict[str, Any]]:
    """Questions whose answers can be told in advance, and those that the rule names already."""
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.categories.get(subject)
    listed = [_offered(one) for one in category.questions] if category else []
    offered = {value for one in listed for value, _label in one["options"]}
    for key, accepted in _answers([one for one in ticked if one not in offered]).items():
        options = [(f"{key}={value}", answer_words(subject, key, value)) for value in accepted]
        listed.append({"label": question_words(subject, key), "options": options})
    return [one for one in listed if one["options"]]


def _offered(question: Question) -> dict[str, Any]:
    english = language() == "en"
    values = [choice.value for choice in question.choices]
    if question.kind == "yesno":
        values = ["yes", "no"]
    return {
        "label": question.label_en if english else typo(question.label),
        "options": [(f"{question.key}={value}", value_words(question, value)) for value in values],
    }
