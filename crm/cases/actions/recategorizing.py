"""What is corrected of a case, and what another category would change of it, known before it is done: who has
it and reads it, how urgent it is and by when, what was answered and what was not, and whether anybody at all
would see it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from crm.cases.assessment import Place, Rulebook, Said, assess
from crm.cases.lifecycle import CaseState
from crm.catalogue import Category, map_display_from

# Elsewhere the decision table is not asked again: the work has gone too far, or is over.
FOLLOWS = frozenset({CaseState.REGISTERED, CaseState.ASSIGNED, CaseState.IN_PROGRESS, CaseState.SCHEDULED})


class Categorized(Protocol):
    """A case as it stands in the database, or as it was read."""

    @property
    def category_code(self) -> str | None: ...
    @property
    def answers(self) -> dict[str, Any]: ...
    @property
    def readers(self) -> list[str] | None: ...


class Placed(Categorized, Protocol):
    """The same with what bears on the decision."""

    @property
    def state(self) -> str: ...
    @property
    def object(self) -> str: ...
    @property
    def insee(self) -> str | None: ...
    @property
    def sector_code(self) -> str | None: ...
    @property
    def road_owner(self) -> str | None: ...
    @property
    def place_label(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def priority(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an agent corrects; a field left None stays as it is.

    Args:
        opening_confirmed: they know that anybody will see it, which nobody could before.
    """

    object: str | None = None
    category_code: str | None = None
    answers: dict[str, str] | None = None
    place: Place | None = None
    place_hint: str | None = None
    priority: int | None = None
    note: str = field(default="")
    opening_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Consequences:
    """
    Args:
        moves: another unit has it, or nobody.
        unit_id: the unit that has it then.
        raises: it is more urgent than it was, or than was asked.
        priority: the one it has then.
        due_at: the date we work to, where it changes; the one announced never does.
        idle: keys of answers that the new category does not ask for; they are kept.
        missing: questions that it does ask, and that nobody answered.
        opens: anybody would see it on the map and in open data, who does not today.
    """

    moves: bool
    unit_id: int | None
    raises: bool
    priority: int
    due_at: datetime | None
    idle: tuple[str, ...]
    missing: tuple[str, ...]
    opens: bool

    def __bool__(self) -> bool:
        return bool(self.moves or self.raises or self.due_at or self.idle or self.missing or self.opens)


def consequences_of(book: Rulebook, case: Placed, correction: Correction) -> Consequences | None:
    """None when the category stays, or none of ours is named."""
    code = correction.category_code
    category = book.catalogue.category(code) if code and code != case.category_code else None
    if category is None:
        return None
    unit_id, due_at, asked_for = case.unit_id, case.due_at, correction.priority or case.priority
    priority = asked_for
    if CaseState(case.state) in FOLLOWS:
        found = assess(book, _corrected(said_of(case), correction))
        unit_id, due_at, priority = found.decision.unit_id, found.due_at, min(asked_for, found.priority)
    asked = {question.key for question in category.questions}
    return Consequences(
        moves=unit_id != case.unit_id,
        unit_id=unit_id,
        raises=priority < asked_for,
        priority=priority,
        due_at=due_at if due_at != case.due_at else None,
        idle=tuple(sorted(case.answers.keys() - asked)),
        missing=tuple(
            question.key
            for question in category.questions
            if question.is_required and not case.answers.get(question.key)
        ),
        opens=opens_to_all(book, case, category),
    )


def _corrected(said: Said, correction: Correction) -> Said:
    return replace(
        said,
        category_code=correction.category_code,
        object=correction.object or said.object,
        place=correction.place or said.place,
    )


def opens_to_all(book: Rulebook, case: Categorized, category: Category) -> bool:
    """A private matter would become one that is shown."""
    before = book.catalogue.category(case.category_code) if case.category_code else None
    was_shown = before is not None and map_display_from(before, case.answers) != "never"
    return case.readers is None and not was_shown and map_display_from(category, case.answers) != "never"


def said_of(case: Placed, *, inside: bool = True) -> Said:
    return Said(
        category_code=case.category_code,
        object=case.object,
        answers=case.answers,
        place=Place(
            insee=case.insee,
            sector_code=case.sector_code,
            road_owner=case.road_owner,
            label=case.place_label,
            inside=inside,
        ),
        channel=case.channel,
        received_at=case.received_at,
    )
