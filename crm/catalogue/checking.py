"""What a category, a danger or an outcome may not say, whether a file or a screen says it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from crm.catalogue.entries import (
    CategoryEntry,
    DangerEntry,
    Entry,
    OutcomeEntry,
    QuestionEntry,
    RankedCategory,
    RankedOutcome,
)
from crm.catalogue.shapes import OUTCOMES, Catalogue
from crm.foundation import fold

Step = str | int
RETIREMENT = ("retired_on", "replaced_by")
FACTS = frozenset(RankedCategory.model_fields) - {"question"}
_CALLED = re.compile(r"\+?[0-9 ]*")


@dataclass(frozen=True, slots=True)
class Mistake:
    """
    Args:
        at: the way to the value in its entry, as `question, 2, choices`.
        what: the value, or what contradicts it.
    """

    at: tuple[Step, ...]
    code: str
    what: str = ""

    @property
    def field(self) -> str:
        return ".".join(map(str, self.at))


@dataclass(frozen=True, slots=True)
class Bearing:
    """What other rooms rest on; they are told by whoever sees them.

    Args:
        awaited: question's key → answers that rules of competence wait for.
        unanswered: outcomes for which no answer would be found.
    """

    awaited: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unanswered: frozenset[str] = frozenset()


def category_mistakes(
    content: Mapping[str, Any], catalogue: Catalogue, bearing: Bearing | None = None
) -> list[Mistake]:
    """Everything that keeps a category from being published."""
    try:
        entry = _read(RankedCategory, content)
    except ValidationError as wrong:
        return [*_of_shape(wrong), *_of_retirement(content, catalogue)]
    known = {danger.code for danger in catalogue.dangers}
    return [
        *disagreements(entry, content["domain_code"]),
        *(Mistake(("dangers",), "unknown", code) for code in sorted(set(entry.dangers) - known)),
        *_of_label(entry, catalogue, content["domain_code"]),
        *_of_retirement(content, catalogue),
        *_of_bearing(entry, bearing or Bearing()),
    ]


def danger_mistakes(content: Mapping[str, Any]) -> list[Mistake]:
    try:
        return list(danger_disagreements(_read(DangerEntry, content)))
    except ValidationError as wrong:
        return _of_shape(wrong)


def outcome_mistakes(content: Mapping[str, Any], catalogue: Catalogue) -> list[Mistake]:
    """Without French words, what reaches a usager would say nothing."""
    try:
        entry = _read(RankedOutcome, content)
    except ValidationError as wrong:
        return [
            Mistake(one.at, "outcome_says_nothing")
            if one.at[0] in {"label", "sentence"} and one.code == "required"
            else one
            for one in _of_shape(wrong)
        ]
    return [
        *outcome_disagreements(entry),
        *(
            Mistake(("label",), "outcome_label_taken", other.label)
            for other in catalogue.outcomes
            if other.code != entry.code and fold(other.label) == fold(entry.label)
        ),
    ]


Model = TypeVar("Model", bound=Entry)


def _read(shape: type[Model], content: Mapping[str, Any]) -> Model:
    return shape.model_validate({name: content[name] for name in shape.model_fields if name in content})


_SHAPES = {
    "missing": "required",
    "string_too_short": "required",
    "too_short": "at_least_one",
    "literal_error": "unknown",
    "int_type": "not_a_number",
    "string_too_long": "too_long",
    "greater_than_equal": "out_of_bounds",
    "less_than_equal": "out_of_bounds",
    "string_pattern_mismatch": "bad_code",
}


def _of_shape(wrong: ValidationError) -> list[Mistake]:
    return [Mistake(error["loc"], _SHAPES.get(error["type"], error["type"])) for error in wrong.errors()]


def disagreements(entry: CategoryEntry, domain_code: str) -> Iterator[Mistake]:
    """What each value allows and their meeting forbids."""
    if not entry.code.startswith(f"{domain_code}-"):
        yield Mistake(("code",), "other_domain", domain_code)
    if (entry.decision_regime == "none") != (entry.decision_months == 0):
        yield Mistake(("decision_months",), "months_and_regime")
    if entry.place == "none" and entry.map_display != "never":
        yield Mistake(("map_display",), "map_without_place")
    for unknown in sorted(set(entry.outcomes) - set(OUTCOMES)):
        yield Mistake(("outcomes",), "outcome_unknown", unknown)
    for key in repeated(question.key for question in entry.question):
        yield Mistake(("question",), "question_twice", key)
    for rank, question in enumerate(entry.question):
        yield from _of_question(("question", rank), question)


def _of_question(at: tuple[Step, ...], question: QuestionEntry) -> Iterator[Mistake]:
    values = {"yes", "no"} if question.kind == "yesno" else {choice.value for choice in question.choices}
    if (question.kind == "choice") != bool(question.choices):
        yield Mistake((*at, "choices"), "choices_and_kind")
    for key in repeated(choice.value for choice in question.choices):
        yield Mistake((*at, "choices"), "choice_twice", key)
    for change in question.raises:
        if change.when not in values:
            yield Mistake((*at, "raises"), "answer_unknown", change.when)
    for stop in question.stops:
        if stop.when not in values:
            yield Mistake((*at, "stops"), "answer_unknown", stop.when)


def danger_disagreements(entry: DangerEntry) -> Iterator[Mistake]:
    for name in ("words", "unless"):
        for phrase in getattr(entry, name):
            if not fold(phrase):
                yield Mistake((name,), "no_word", phrase)
    if not _CALLED.fullmatch(entry.call):
        yield Mistake(("call",), "not_a_number_to_call", entry.call)


def outcome_disagreements(entry: OutcomeEntry) -> Iterator[Mistake]:
    if entry.code not in OUTCOMES:
        yield Mistake(("code",), "outcome_unknown", entry.code)
    for name in ("label", "sentence"):
        if not fold(getattr(entry, name)):
            yield Mistake((name,), "outcome_says_nothing", getattr(entry, name))
    for name in ("sentence", "sentence_en", "followed", "followed_en"):
        if set("{}") & set(getattr(entry, name)):
            yield Mistake((name,), "hole_in_sentence")
    if entry.followed_en and not entry.followed:
        yield Mistake(("followed",), "followed_in_english_alone")


def _of_label(entry: CategoryEntry, catalogue: Catalogue, domain_code: str) -> Iterator[Mistake]:
    """Two categories of one name would be chosen at random."""
    for other in catalogue.in_domain(domain_code):
        if other.code != entry.code and fold(other.label) == fold(entry.label):
            yield Mistake(("label",), "label_taken", other.code)


def _of_retirement(content: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Mistake]:
    code = content.get("replaced_by")
    if not content.get("retired_on") or not code:
        return
    heir = catalogue.category(code)
    if heir is None or heir.code == content["code"]:
        yield Mistake(("replaced_by",), "unknown", code)
    elif not heir.is_active or heir.retired_on is not None:
        yield Mistake(("replaced_by",), "heir_retired", code)


def _of_bearing(entry: CategoryEntry, bearing: Bearing) -> Iterator[Mistake]:
    """A rule that waits for an answer nobody can give any more would go silent."""
    asked = {question.key: question for question in entry.question}
    for key, answers in sorted(bearing.awaited.items()):
        if key not in asked:
            yield Mistake(("question",), "rule_waits_for_question", key)
        elif asked[key].kind == "choice":
            offered = {choice.value for choice in asked[key].choices}
            for value in sorted(answers - offered):
                yield Mistake(("question",), "rule_waits_for_answer", f"{key}={value}")
    for code in entry.outcomes:
        if code in bearing.unanswered:
            yield Mistake(("outcomes",), "outcome_unanswered", code)


def repeated(codes: Iterable[str]) -> list[str]:
    return [code for code, times in Counter(codes).items() if times > 1]
