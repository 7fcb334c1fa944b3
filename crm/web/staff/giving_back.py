"""A sheet's form: kept, or given back with what was typed, what is wrong and what a colleague has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request

from crm.foundation import Conflict, Invalid, UnitOfWork
from crm.http import unit_of_work, whole_number
from crm.web.staff.saying import column_words, wrong_words

Kept = TypeVar("Kept")
Choices = Mapping[str, Iterable[tuple[object, str]]]


@dataclass(frozen=True, slots=True)
class Given:
    """
    Args:
        seen: what it was filled over; None when a colleague came first: it will be saved over theirs.
        wrong: what is to be mended, by box.
    """

    typed: Mapping[str, str]
    seen: int | None
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return 409 if self.seen is None else 422


def kept_or_given_back(typed: Mapping[str, str], write: Callable[[UnitOfWork, int], Kept]) -> Kept | Given:
    """
    Args:
        write: does it, over the latest fact that the form knew.
    """
    seen = whole_number(request.form.get("seen")) or 0
    try:
        with unit_of_work() as uow:
            return write(uow, seen)
    except Invalid as refusal:
        return Given(typed, seen, wrong_words(refusal))
    except Conflict:
        return Given(typed, None)


def filled(
    back: Given | None,
    there: Mapping[str, str],
    seen: int,
    choices: Choices,
    wrong: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the template fills the form with.

    Args:
        there: what the sheet holds now, and `seen` its latest fact.
        choices: of the boxes where one chooses, value and label.
        wrong: what is to be mended, when another form of the page was refused.
    """
    if back is None:
        return {"given": there, "seen": seen, "wrong": wrong or {}, "met": False, "theirs": []}
    met = back.seen is None
    return {
        "given": back.typed,
        "seen": seen if back.seen is None else back.seen,
        "wrong": back.wrong,
        "met": met,
        "theirs": _differing(back.typed, there, choices) if met else [],
    }


def _differing(
    typed: Mapping[str, str], there: Mapping[str, str], choices: Choices
) -> list[tuple[str, str, str]]:
    """Box, what was typed, what there is now; all in words."""
    words = column_words()
    labels = {name: {str(value): label for value, label in pairs} for name, pairs in choices.items()}

    def said(name: str, value: str) -> str:
        return labels.get(name, {}).get(value, value) or "—"

    return [
        (words[name][0].upper() + words[name][1:], said(name, typed[name]), said(name, theirs))
        for name, theirs in there.items()
        if typed[name].strip() != theirs
    ]
