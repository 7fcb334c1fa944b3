"""Answers to a category's questions: are they well formed, and what do they change? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from crm.catalogue.shapes import Category, Danger, Question, Stop
from crm.foundation import Invalid, clean

LONGEST_ANSWER = 500  # characters: an answer is a detail, the story has its own box
UNSORTED_PRIORITY = 3  # of what has no category yet
_LARGEST_NUMBER = 10**12


def check_answers(questions: Iterable[Question], given: Mapping[str, str]) -> dict[str, str]:
    """The answers worth keeping, cleaned, blanks left out.

    Raises:
        Invalid: per question key, `required`, `unknown`, `too_long`, `not_a_number`, `not_a_date`,
            `not_a_choice`.
    """
    known = {question.key: question for question in questions}
    kept = {key: text for key, value in given.items() if (text := clean(value))}
    reasons = {key: "unknown" for key in kept if key not in known}
    for key, question in known.items():
        if reason := _reason(question, kept.get(key, "")):
            reasons[key] = reason
    if reasons:
        raise Invalid(reasons)
    return {key: _normal(known[key], text) for key, text in kept.items()}


def _reason(question: Question, text: str) -> str:
    if not text:
        return "required" if question.is_required else ""
    if len(text) > LONGEST_ANSWER:
        return "too_long"
    if question.kind == "number":
        return "" if _number(text) is not None else "not_a_number"
    if question.kind == "date":
        return "" if _date(text) is not None else "not_a_date"
    allowed = {"yesno": {"yes", "no"}, "choice": {choice.value for choice in question.choices}}
    return "" if text in allowed.get(question.kind, {text}) else "not_a_choice"


def _normal(question: Question, text: str) -> str:
    return f"{_number(text):g}" if question.kind == "number" and _number(text) is not None else text


def _number(text: str) -> float | None:
    """A number as the French write it: `1 250,5`."""
    bare = "".join(text.split()).replace(",", ".")
    if not bare.replace(".", "", 1).isascii() or not bare.replace(".", "", 1).isdigit():
        return None
    return number if (number := float(bare)) < _LARGEST_NUMBER else None


def _date(text: str) -> date | None:
    """A day as an `<input type="date">` gives it: `2026-09-15`."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-09-15") else None
    except ValueError:
        return None


def answered(
    category: Category | None, answers: Mapping[str, object], others: Iterable[Category] = ()
) -> list[tuple[Question, str]]:
    """What is worth reading, in the order it is asked; questions that are no longer asked come last.

    Args:
        others: whose questions name what was answered before the category was corrected; without them
            those answers are left out.
    """
    given = {key: str(value) for key, value in answers.items() if value}
    asked: dict[str, Question] = {}
    for one in (category, *others):
        for question in (*one.questions, *one.past_questions) if one else ():
            value, found = given.get(question.key), asked.get(question.key)
            if value and (found is None or (_takes(question, value) and not _takes(found, value))):
                asked[question.key] = question
    return [(question, given[key]) for key, question in asked.items()]


def day_answered(question: Question, value: str) -> date | None:
    """The day, if that is what was asked and told."""
    return _date(value) if question.kind == "date" else None


def _takes(question: Question, value: str) -> bool:
    """Two categories may ask different things under one key."""
    return question.kind != "choice" or any(choice.value == value for choice in question.choices)


def priority_from(
    category: Category | None, answers: Mapping[str, str], dangers: Iterable[Danger] = ()
) -> tuple[int, tuple[str, ...]]:
    """The most urgent of leaf, answers and dangers (1 is most urgent), and the codes of what made it so.
    A danger raises even what nobody has sorted yet.

    Reasons: `leaf:ECLA-01`, `answer:wires=yes`, `danger:ELEC`; only those that give the priority kept.
    """
    said = [(category.priority, f"leaf:{category.code}") if category else (UNSORTED_PRIORITY, "unsorted")]
    for question in category.questions if category else ():
        for change in question.raises:
            if change.priority is not None and answers.get(question.key) == change.when:
                said.append((change.priority, f"answer:{question.key}={change.when}"))
    said += [(danger.raises_to, f"danger:{danger.code}") for danger in dangers]
    priority = min(number for number, _ in said)
    return priority, tuple(reason for number, reason in said if number == priority)


def stops_met(category: Category, answers: Mapping[str, str]) -> list[Stop]:
    """What the answers say needs no demand; the usager is told what to do instead."""
    asked = category.questions
    return [stop for q in asked for stop in q.stops if answers.get(q.key) == stop.when]


def map_display_from(category: Category, answers: Mapping[str, str]) -> str:
    """How the public map may show it: the leaf's way, unless an answer keeps it off the map."""
    hidden = any(
        change.map == "never" and answers.get(question.key) == change.when
        for question in category.questions
        for change in question.raises
    )
    return "never" if hidden else category.map_display
