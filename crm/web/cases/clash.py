"""Two people, one case: what the second sees when the first was quicker, beside what they were writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.http import gettext as _
from crm.http import whole_number, wording
from crm.http.dates import full_day
from crm.web.cases.page import Line, page_of
from crm.web.explaining import unit_name

_LAST = 3  # facts shown when the page did not say what it had seen
_WORDS = ("report", "motive", "question", "reason_text", "reason")


@dataclass(frozen=True, slots=True)
class Versions:
    """One thing, as it stands and as it was about to be."""

    label: str
    kept: str
    typed: str


@dataclass(frozen=True, slots=True)
class Clash:
    """
    Args:
        since: what happened since the page was opened, the latest first.
        both: what differs, field by field.
        words: free text that was typed, whole.
        possible: the act may still be done from where the case is now.
    """

    since: list[Line]
    both: list[Versions]
    words: str
    possible: bool


def clash_of(shown: Mapping[str, Any], typed: Mapping[str, str], verb: str, *, free_text: str = "") -> Clash:
    """
    Args:
        shown: the page of the case as it is now.
        typed: the form that was refused.
    """
    seen = whole_number(typed.get("seen_fact"))
    lines: list[Line] = shown["lines"]
    since = [line for line in lines if line.id > seen] if seen else lines[:_LAST]
    case: CaseSheet = shown["case"]
    words = free_text or next((typed[name] for name in _WORDS if _is_text(typed, name)), "")
    return Clash(
        since=since,
        both=[one for one in _fields(case, typed) if one.typed and one.kept != one.typed],
        words=words.strip(),
        possible=verb in shown["steps"],
    )


def clash_in(session: Session, reference: str, typed: Mapping[str, str], verb: str, text: str) -> Clash:
    """The same for a page that is not the case's own."""
    return clash_of(page_of(session, reference), typed, verb, free_text=text)


def _is_text(typed: Mapping[str, str], name: str) -> bool:
    """A reason is a code for some verbs, a sentence for others."""
    value = typed.get(name, "").strip()
    return bool(value) and not (name == "reason" and value.isidentifier())


def _fields(case: CaseSheet, typed: Mapping[str, str]) -> list[Versions]:
    day = _day(typed.get("planned_on", ""))
    unit_id = whole_number(typed.get("unit_id"))
    outcome = typed.get("outcome", "")
    return [
        Versions(
            _("Date prévue"),
            full_day(case.planned_on) if case.planned_on else "—",
            full_day(day) if day else "",
        ),
        Versions(_("Service"), unit_name(case.unit_id) or _("aucun"), unit_name(unit_id) if unit_id else ""),
        Versions(
            _("Issue"), wording(case.outcome, "outcome"), wording(outcome, "outcome") if outcome else ""
        ),
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        return None
