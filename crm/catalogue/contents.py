"""Categories, dangers and outcomes as versions keep them: the words of the files, in JSON's types. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from crm.catalogue.shapes import Catalogue, Category, Choice, Danger, OutcomeWords, Question, Raise, Stop

CATEGORY, DANGER, OUTCOME = "category", "danger", "outcome"  # what their versions are kept under
_LISTS = ("synonyms", "dangers", "outcomes")
_NEW_CATEGORY: Mapping[str, Any] = {
    "synonyms": [], "place": "exact", "priority": 3, "delay_days": 10, "delay_unit": "working_day",
    "dangers": [], "outcomes": ["F", "I", "R"], "decision_regime": "none", "decision_months": 0,
    "map_display": "never", "identity_level": 0, "evidence": False, "is_active": True, "handling": "",
    "handling_en": "", "retired_on": None, "replaced_by": None, "question": [],
}  # fmt: skip


def content_in(known: Catalogue, subject: str, code: str) -> dict[str, Any] | None:
    """What the catalogue says of a category, a danger or an outcome; None: it holds no such thing."""
    if subject == CATEGORY:
        category = known.category(code)
        return category_content(category) if category else None
    if subject == OUTCOME:
        outcome = known.outcome(code)
        return asdict(outcome) if outcome else None
    danger = known.danger(code)
    return {**danger_content(danger), "position": known.dangers.index(danger) + 1} if danger else None


def category_content(category: Category) -> dict[str, Any]:
    told = _plain(asdict(category))
    del told["past_questions"]
    told["question"] = told.pop("questions")
    return told


def danger_content(danger: Danger) -> dict[str, Any]:
    return _plain(asdict(danger))


def new_category(code: str, domain_code: str, label: str, label_en: str, position: int) -> dict[str, Any]:
    """Kept off the map and without a promise of its own until somebody says otherwise."""
    named = {"code": code, "domain_code": domain_code, "label": label, "label_en": label_en}
    return {**_plain(_NEW_CATEGORY), **named, "position": position}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return told


def category_from(content: Mapping[str, Any]) -> Category:
    """As it will be once published, and once retired if it is to be."""
    values = {name: content[name] for name in Category.__slots__ if name in content}
    return Category(
        **{
            **values,
            **{name: tuple(content[name]) for name in _LISTS},
            "is_active": content["is_active"] and not content["retired_on"],
            "retired_on": date.fromisoformat(content["retired_on"]) if content["retired_on"] else None,
            "questions": tuple(question_from(one) for one in content["question"]),
        }
    )


def question_from(told: Mapping[str, Any]) -> Question:
    return Question(
        key=told["key"],
        label=told["label"],
        label_en=told["label_en"],
        kind=told["kind"],
        choices=tuple(Choice(**choice) for choice in told["choices"]),
        is_required=told["is_required"],
        raises=tuple(Raise(**change) for change in told["raises"]),
        stops=tuple(Stop(**stop) for stop in told["stops"]),
    )


def danger_from(content: Mapping[str, Any]) -> Danger:
    values = {name: content[name] for name in Danger.__slots__}
    return Danger(**{**values, "words": tuple(content["words"]), "unless": tuple(content["unless"])})


def with_category(catalogue: Catalogue, content: Mapping[str, Any]) -> Catalogue:
    """The catalogue as this draft would make it."""
    return replace(catalogue, categories={**catalogue.categories, content["code"]: category_from(content)})


def with_danger(catalogue: Catalogue, content: Mapping[str, Any]) -> Catalogue:
    draft = danger_from(content)
    known = catalogue.danger(draft.code) is not None
    ours = tuple(draft if one.code == draft.code else one for one in catalogue.dangers)
    return replace(catalogue, dangers=ours if known else (*ours, draft))


def outcome_from(content: Mapping[str, Any]) -> OutcomeWords:
    return OutcomeWords(**{name: content[name] for name in OutcomeWords.__slots__})


def with_outcome(catalogue: Catalogue, content: Mapping[str, Any]) -> Catalogue:
    draft = outcome_from(content)
    ours = (draft, *(one for one in catalogue.outcomes if one.code != draft.code))
    return replace(catalogue, outcomes=tuple(sorted(ours, key=lambda one: (one.position, one.code))))
