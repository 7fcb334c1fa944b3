"""What was answered to a category's questions, in words: for agents, the ground and residents alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm.catalogue import Category, Question, answered, day_answered
from crm.foundation import typo
from crm.http.dates import full_day
from crm.http.language import gettext as _
from crm.http.language import language


def told_answers(
    category: Category | None, answers: Mapping[str, object], others: Iterable[Category] = ()
) -> list[tuple[str, str]]:
    """(question, answer), as `answered` gives them."""
    return [(_label(asked), _words(asked, value)) for asked, value in answered(category, answers, others)]


def _label(question: Question) -> str:
    return question.label_en or question.label if language() == "en" else typo(question.label)


def _words(question: Question, value: str) -> str:
    if question.kind == "yesno":
        return {"yes": _("Oui"), "no": _("Non")}.get(value, value)
    day = day_answered(question, value)
    return full_day(day) if day else question.wording(value, english=language() == "en")
