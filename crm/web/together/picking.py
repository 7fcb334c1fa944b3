"""Services and people picked by typing: proposed as one types, understood all the same when typed whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from crm.foundation import fold
from crm.http import wiring
from crm.staff import colleagues

_PROPOSED = 8


@dataclass(frozen=True, slots=True)
class Pickable:
    """`mark`: u12 a service, a7 an agent, as crm/access/restriction.py has it."""

    mark: str
    name: str
    detail: str


def services() -> list[Pickable]:
    cards = wiring().rulebooks.units().values()
    return [Pickable(f"u{card.id}", card.name, card.organization_name) for card in cards if card.is_active]


def everybody(session: Session) -> list[Pickable]:
    people = [Pickable(f"a{one.actor.id}", one.name, one.organization) for one in colleagues(session)]
    return [*services(), *people]


def proposed(known: Sequence[Pickable], typed: str) -> dict[str, Any]:
    """What a box shows: every word typed begins a word of the name, or of its organisation."""
    words = fold(typed).split()
    fitting = [one for one in known if words and all(_begins(one, word) for word in words)]
    items = [{"value": one.mark, "label": one.name, "detail": one.detail} for one in fitting[:_PROPOSED]]
    return {"items": items}


def _begins(one: Pickable, word: str) -> bool:
    return any(part.startswith(word) for part in fold(f"{one.name} {one.detail}").split())


@dataclass(frozen=True, slots=True)
class Picked:
    """Args:
    marks: of those that are ticked, and of what was typed when it names one of them.
    left: what was typed and names nobody, or several.
    """

    marks: list[str]
    left: str = ""

    def ids(self, letter: str) -> list[int]:
        return [int(mark[1:]) for mark in self.marks if mark[0] == letter]


def picked(name: str, known: Sequence[Pickable]) -> Picked:
    """What a form sends of a box `more_<name>` and of the ticks `<name>` below it."""
    marks = {one.mark for one in known}
    sent = (*request.form.getlist(name), request.form.get(f"more_{name}", ""))
    chosen = [mark for mark in sent if mark in marks]
    typed = request.form.get(f"more_{name}_text", "").strip()
    if not typed or request.form.get(f"more_{name}") in marks:
        return Picked(list(dict.fromkeys(chosen)))
    named = [one.mark for one in known if fold(one.name) == fold(typed)]
    if len(named) == 1:
        return Picked(list(dict.fromkeys([*chosen, *named])))
    return Picked(list(dict.fromkeys(chosen)), left=typed)
