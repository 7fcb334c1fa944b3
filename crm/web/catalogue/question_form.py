"""The form of one question: what was typed, as a version keeps it, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

from werkzeug.datastructures import MultiDict

from crm.foundation import clean, fold
from crm.http import gettext as _
from crm.http import whole_number

KINDS = ("text", "number", "yesno", "choice", "date")
_BLANK_ROWS = 2
_LONGEST_KEY = 40
_CELLS = ("value", "answer", "answer_en", "priority", "say", "say_en")


def blank(kind: str) -> dict[str, Any]:
    texts = {"key": "", "label": "", "label_en": "", "kind": kind}
    return {**texts, "is_required": False, "choices": [], "raises": [], "stops": []}


def rows_of(asked: Mapping[str, Any], *, more: int = _BLANK_ROWS) -> list[dict[str, Any]]:
    """Its answers and what each changes, one a row; a list to choose from ends with blank rows."""
    raises = {one["when"]: one for one in asked["raises"]}
    stops = {one["when"]: one for one in asked["stops"]}
    offered = asked["choices"]
    if asked["kind"] == "yesno":
        offered = [{"value": "yes", "label": _("Oui")}, {"value": "no", "label": _("Non")}]
    rows = [
        {
            "value": one["value"],
            "answer": one["label"],
            "answer_en": one.get("label_en", ""),
            "priority": raises.get(one["value"], {}).get("priority") or "",
            "hidden": bool(raises.get(one["value"], {}).get("map")),
            "say": stops.get(one["value"], {}).get("say", ""),
            "say_en": stops.get(one["value"], {}).get("say_en", ""),
        }
        for one in offered
    ]
    empty = dict.fromkeys(_CELLS, "") | {"hidden": False}
    return rows + ([dict(empty) for _ in range(more)] if asked["kind"] == "choice" else [])


def question_said(
    form: MultiDict[str, str], base: Mapping[str, Any], others: Iterable[str]
) -> dict[str, Any]:
    """What was typed. Codes of a new question and of new answers are made from their words, and never change.

    Args:
        others: keys that name another question, or one of before.
    """
    rows = _rows(form, base["kind"])
    label = clean(form.get("label", ""))
    return {
        **base,
        "key": base["key"] or _code(label, set(others), letter_first=True),
        "label": label,
        "label_en": clean(form.get("label_en", "")),
        "is_required": "is_required" in form,
        "choices": [_choice(row) for row in rows] if base["kind"] == "choice" else [],
        "raises": [_raise(row) for row in rows if row["priority"] or row["hidden"]],
        "stops": [_stop(row) for row in rows if row["say"] or row["say_en"]],
    }


def _rows(form: MultiDict[str, str], kind: str) -> list[dict[str, Any]]:
    """Those with something in them; an answer to choose whose words were emptied is removed."""
    hidden, taken = set(form.getlist("hidden")), set(form.getlist("value"))
    columns = (form.getlist(name) for name in _CELLS)
    rows = list[dict[str, Any]]()
    for at, cells in enumerate(zip_longest(*columns, fillvalue="")):
        row: dict[str, Any] = {
            **dict(zip(_CELLS, map(clean, cells), strict=True)),
            "hidden": str(at) in hidden,
        }
        removed = kind == "choice" and row["value"] and not row["answer"]
        if removed or not any(row[name] for name in (*_CELLS[1:], "hidden")):
            continue
        if not row["value"]:
            row["value"] = _code(row["answer"], taken)
            taken.add(row["value"])
        rows.append(row)
    return rows


def _choice(row: Mapping[str, Any]) -> dict[str, str]:
    return {"value": row["value"], "label": row["answer"], "label_en": row["answer_en"]}


def _raise(row: Mapping[str, Any]) -> dict[str, Any]:
    hidden = "never" if row["hidden"] else None
    return {"when": row["value"], "priority": whole_number(row["priority"]), "map": hidden}


def _stop(row: Mapping[str, Any]) -> dict[str, str]:
    return {"when": row["value"], "say": row["say"], "say_en": row["say_en"]}


def _code(words: str, taken: set[str], *, letter_first: bool = False) -> str:
    """« Voit-on des fils ? » → `voit_on_des_fils`; numbered when it names another already."""
    bare = re.sub(r"[^a-z0-9]+", "_", fold(words)).strip("_")[:_LONGEST_KEY].strip("_")
    if not bare or (letter_first and not bare[0].isalpha()):
        bare = f"q_{bare}".strip("_")
    numbered = (bare if n == 1 else f"{bare}_{n}" for n in range(1, 1000))
    return next(one for one in numbered if one not in taken)


def beside(wrong: Mapping[str, str], asked: Mapping[str, Any], rank: int) -> dict[str, str]:
    """Mistakes of this question by the box they are shown beside."""
    rows = [row["value"] for row in rows_of(asked, more=0)]
    found: dict[str, str] = {}
    for at, code in wrong.items():
        steps = at.split(".")
        if steps[:2] == ["question", str(rank)]:
            found[_box(steps[2:], asked, rows)] = code
        elif steps == ["question"]:
            found["label"] = code
    return found


def _box(steps: list[str], asked: Mapping[str, Any], rows: list[str]) -> str:
    name = steps[0] if steps else "label"
    if len(steps) < 3:
        return "answer-0" if name == "choices" else name
    at, cell = int(steps[1]), steps[2]
    if name == "choices":
        return f"{ {'label': 'answer', 'label_en': 'answer_en'}.get(cell, 'answer') }-{at}"
    when = asked[name][at]["when"]
    return f"{cell}-{rows.index(when)}" if when in rows else "label"  # a value that the form never sent
