"""What another category would change of a case, known before it is done: who has it and reads it, by when,
what was answered and what was not, and whether anybody at all would see it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Consequences:
    """
    Args:
        moves: another unit has it, or nobody.
        unit_id: the unit that has it then.
        due_at: the date we work to, where it changes; the one announced never does.
        idle: keys of answers that the new category does not ask for; they are kept.
        missing: questions that it does ask, and that nobody answered.
        opens: anybody would see it on the map and in open data, who does not today.
    """

    moves: bool
    unit_id: int | None
    due_at: datetime | None
    idle: tuple[str, ...]
    missing: tuple[str, ...]
    opens: bool

    def __bool__(self) -> bool:
        return bool(self.moves or self.due_at or self.idle or self.missing or self.opens)


def consequences_of(book: Rulebook, case: Placed, category_code: str | None) -> Consequences | None:
    """None when the category stays, or none of ours is named."""
    category = book.catalogue.category(category_code) if category_code else None
    if category is None or category_code == case.category_code:
        return None
    unit_id, due_at = case.unit_id, case.due_at
    if CaseState(case.state) in FOLLOWS:
        found = assess(book, replace(said_of(case), category_code=category_code))
        unit_id, due_at = found.decision.unit_id, found.due_at
    asked = {question.key for question in category.questions}
    return Consequences(
        moves=unit_id != case.unit_id,
        unit_id=unit_id,
        due_at=due_at if due_at != case.due_at else None,
        idle=tuple(sorted(case.answers.keys() - asked)),
        missing=tuple(
            question.key
            for question in category.questions
            if question.is_required and not case.answers.get(question.key)
        ),
        opens=opens_to_all(book, case, category),
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
