"""What was answered to a category's questions, in words: for agents, the ground and residents alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from crm.catalogue import Category, Question
from crm.foundation import typo
from crm.http.dates import full_day
from crm.http.language import gettext as _
from crm.http.language import language


def told_answers(
    category: Category | None, answers: Mapping[str, object], others: Iterable[Category] = ()
) -> list[tuple[str, str]]:
    """(question, answer) in the order they are asked; questions that are no longer asked keep their name.

    Args:
        others: whose questions name what was answered before the category was corrected; without them
            those answers are left out.
    """
    given = {key: str(value) for key, value in answers.items() if value}
    asked: dict[str, Question] = {}
    for question in _questions((category, *others)):
        value, found = given.get(question.key), asked.get(question.key)
        if value and (found is None or (_takes(question, value) and not _takes(found, value))):
            asked[question.key] = question
    return [(_label(question), _words(question, given[key])) for key, question in asked.items()]


def _questions(categories: Iterable[Category | None]) -> Iterator[Question]:
    for one in categories:
        if one is not None:
            yield from (*one.questions, *one.past_questions)


def _takes(question: Question, value: str) -> bool:
    """Two categories may ask different things under one key."""
    return question.kind != "choice" or any(choice.value == value for choice in question.choices)


def _label(question: Question) -> str:
    return question.label_en or question.label if language() == "en" else typo(question.label)


def _words(question: Question, value: str) -> str:
    if question.kind == "yesno":
        return {"yes": _("Oui"), "no": _("Non")}.get(value, value)
    if question.kind == "date":
        return _day(value)
    return question.wording(value, english=language() == "en")


def _day(value: str) -> str:
    try:
        return full_day(date.fromisoformat(value))
    except ValueError:  # told before its question asked for a day
        return value
