"""What is corrected of a case, and what another category or place would change of it, known before it is
done: who has it and reads it, how urgent it is and by when, what was answered and what was not, and whether
anybody at all would see it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from crm.cases.assessment import Assessment, Place, Rulebook, Said, assess
from crm.cases.lifecycle import CaseState
from crm.catalogue import Category, map_display_from
from crm.routing import Reason

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
        body_id: the body that is competent instead of us: somebody is to transmit it there.
        stays: it would move, but came back too often for this agent to send it anywhere.
        raises: it is more urgent than it was, or than was asked.
        priority: the one it has then.
        due_at: the date we work to, where it changes; the one announced never does.
        idle: keys of answers that the new category does not ask for; they are kept.
        missing: questions that it does ask, and that nobody answered.
        opens: anybody would see it on the map and in open data, who does not today.
    """

    moves: bool
    unit_id: int | None
    body_id: int | None
    stays: bool
    raises: bool
    priority: int
    due_at: datetime | None
    idle: tuple[str, ...]
    missing: tuple[str, ...]
    opens: bool

    def __bool__(self) -> bool:
        told = (self.moves, self.body_id, self.stays, self.raises, self.due_at)
        return any((*told, self.idle, self.missing, self.opens))


def consequences_of(
    book: Rulebook, case: Placed, correction: Correction, *, may_send: bool = True
) -> Consequences | None:
    """None when category and place stay, or a category is named that is none of ours.

    Args:
        may_send: this agent may say where it goes.
    """
    code = correction.category_code if correction.category_code != case.category_code else None
    category = book.catalogue.category(code) if code else None
    if category is None and (code or correction.place is None):
        return None
    unit_id, body_id, due_at = case.unit_id, None, case.due_at
    priority = asked_for = correction.priority or case.priority
    if CaseState(case.state) in FOLLOWS:
        found = assess_again(book, _corrected(said_of(case), correction))
        unit_id, body_id = found.decision.unit_id, _body_of(found.decision.reasons[0])
        priority = min(asked_for, found.priority)
        if category or found.priority < case.priority:
            due_at = found.due_at
    moves = unit_id != case.unit_id
    return Consequences(
        moves=moves and may_send,
        unit_id=unit_id,
        body_id=body_id,
        stays=moves and not may_send,
        raises=priority < asked_for,
        priority=priority,
        due_at=due_at if due_at != case.due_at else None,
        idle=_idle(case, category) if category else (),
        missing=_missing(case, category) if category else (),
        opens=category is not None and opens_to_all(book, case, category),
    )


def _idle(case: Placed, category: Category) -> tuple[str, ...]:
    return tuple(sorted(case.answers.keys() - {question.key for question in category.questions}))


def _missing(case: Placed, category: Category) -> tuple[str, ...]:
    needed = (question.key for question in category.questions if question.is_required)
    return tuple(key for key in needed if not case.answers.get(key))


ANOTHER_BODY = "another_body"  # the reason why nobody of ours is entrusted


def assess_again(book: Rulebook, said: Said) -> Assessment:
    """As `assess`; but no correction hands a demand to another body: it is « à qualifier » until somebody
    transmits it, which tells the usager (CRPA L114-2)."""
    found = assess(book, said)
    decision = found.decision
    if decision.kind != "refer":
        return found
    reasons = (Reason(ANOTHER_BODY, {"unit": str(decision.unit_id)}), *decision.reasons)
    ours = replace(decision, kind="qualify", unit_id=None, reasons=reasons, qualify_reason=ANOTHER_BODY)
    return replace(found, decision=ours)


def _body_of(reason: Reason) -> int | None:
    return int(reason.params["unit"]) if reason.code == ANOTHER_BODY else None


class Waiting(Protocol):
    """Of a case, what tells whether it waits to be transmitted."""

    @property
    def state(self) -> str: ...
    @property
    def routing(self) -> dict[str, Any]: ...


def body_to_tell(case: Waiting) -> int | None:
    """The body that was found competent when the case was corrected, and that nobody told yet."""
    if case.state != CaseState.REGISTERED or case.routing.get("qualify_reason") != ANOTHER_BODY:
        return None
    return int(case.routing["reasons"][0]["params"]["unit"])


def _corrected(said: Said, correction: Correction) -> Said:
    return replace(
        said,
        category_code=correction.category_code or said.category_code,
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
