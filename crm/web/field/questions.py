"""The answers that help find the place: « numéro sur le mât : 12-045 »."""

from __future__ import annotations

from collections.abc import Mapping

from crm.catalogue import Category
from crm.http import gettext as _
from crm.http import language


def told_answers(category: Category | None, answers: Mapping[str, object]) -> list[tuple[str, str]]:
    english = language() == "en"
    told = []
    for question in category.questions if category else ():
        given = str(answers.get(question.key) or "")
        if not given:
            continue
        words = {choice.value: choice.label_en if english else choice.label for choice in question.choices}
        words |= {"yes": _("Oui"), "no": _("Non")} if question.kind == "yesno" else {}
        told.append((question.label_en if english else question.label, words.get(given, given)))
    return told
