"""The forms of a category, of a danger and of an outcome: what was typed, as a version keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from crm.catalogue import OUTCOMES, Catalogue, Danger
from crm.foundation import clean
from crm.http import gettext as _
from crm.http import typo, whole_number, wording
from crm.web.catalogue.saying import code_words

_TEXTS = (
    "label",
    "label_en",
    "place",
    "delay_unit",
    "decision_regime",
    "map_display",
    "handling",
    "handling_en",
)
_NUMBERS = ("priority", "delay_days", "decision_months", "identity_level", "position")
_DANGER_TEXTS = ("label", "label_en", "say", "say_en", "call")
_OUTCOME_TEXTS = ("label", "label_en", "sentence", "sentence_en", "followed", "followed_en")


def category_said(form: MultiDict[str, str], base: Mapping[str, Any], known: Catalogue) -> dict[str, Any]:
    """What was typed, on what the form does not hold. A number that is none stays as it was typed."""
    told: dict[str, Any] = {name: clean(form.get(name, "")) for name in _TEXTS}
    told |= {name: _number(form.get(name, "")) for name in _NUMBERS}
    if told["decision_regime"] == "none":
        told["decision_months"] = 0
    ticked = {name: set(form.getlist(name)) for name in ("outcomes", "dangers")}
    return {
        **base,
        **told,
        "synonyms": lines(form.get("synonyms", "")),
        "evidence": "evidence" in form,
        "outcomes": _ticked(base["outcomes"], OUTCOMES, ticked["outcomes"]),
        "dangers": _ticked(base["dangers"], (one.code for one in carried(known, base)), ticked["dangers"]),
    }


def carried(known: Catalogue, base: Mapping[str, Any]) -> list[Danger]:
    """What a category may carry: what is listened for, and what it carries already."""
    return [one for one in known.dangers if one.is_active or one.code in base["dangers"]]


def _ticked(before: Iterable[str], offered: Iterable[str], ticked: set[str]) -> list[str]:
    """In the order they had, which is the order they are offered in; those just ticked come last."""
    return [code for code in dict.fromkeys([*before, *offered]) if code in ticked]


def danger_said(form: MultiDict[str, str], base: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **base,
        **{name: clean(form.get(name, "")) for name in _DANGER_TEXTS},
        "raises_to": _number(form.get("raises_to", "")),
        "words": lines(form.get("words", "")),
        "unless": lines(form.get("unless", "")),
    }


def outcome_said(form: MultiDict[str, str], base: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **base,
        **{name: clean(form.get(name, "")) for name in _OUTCOME_TEXTS},
        "for_any": "for_any" in form,
        "position": _number(form.get("position", "")),
    }


def lines(typed: str) -> list[str]:
    """One a line, or between commas; each once."""
    parts = (clean(part) for line in typed.splitlines() for part in line.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _number(typed: str) -> int | str:
    number = whole_number(typed.strip())
    return typed if number is None else number


def choices(known: Catalogue, base: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """What each list of the form offers."""
    offered = {name: list(words.items()) for name, words in code_words().items()}
    return {
        **offered,
        "priority": [(n, n) for n in "1234"],
        "outcomes": [(code, wording(code, "outcome")) for code in OUTCOMES],
        "dangers": [(one.code, _danger(one)) for one in carried(known, base)],
    }


def _danger(one: Danger) -> str:
    return typo(f"{one.label} : {one.say}") if one.is_active else _("%(danger)s (retiré)", danger=one.label)
