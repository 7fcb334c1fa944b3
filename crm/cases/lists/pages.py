"""Work lists narrowed and sorted as their reader asks, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import visible
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.queries import COUNTED_UP_TO, IN_VIEW, LINE, TO_WORK, CaseLine, line_of, moments
from crm.cases.search.finding import words_wanted
from crm.cases.search.texts import CaseText
from crm.foundation import Actor

_C, _T = (cast(sa.Table, entity.__table__).c for entity in (Case, CaseText))
_SEEN: Any = _C
ENDED = frozenset({CaseState.CLOSED, CaseState.CANCELLED})
WHOLE = "toutes"  # the only view that may show what has ended
# Each order ends with the id, so that equal dates never skip or repeat a line; one direction each.
_ORDERS: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "echeance": (("due_at", "id"), False),
    "recue": (("received_at", "id"), True),
    "priorite": (("priority", "due_at", "id"), False),
}
SORTS = tuple(_ORDERS)
Passed = tuple[datetime | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilters:
    """What to keep of a list; an empty filter keeps everything.

    Args:
        state: an ended one takes the list of everything beyond what is open, the latest received first.
        category: a category's code, or a domain's.
        received_from, received_until: moments, aware; the second is left out.
        text: words of the demand or of its place.
        references: these cases alone, as long as they are in the list.
    """

    state: CaseState | None = None
    unit_id: int | None = None
    category: str = ""
    insee: str = ""
    channel: str = ""
    priority: int | None = None
    received_from: datetime | None = None
    received_until: datetime | None = None
    is_late: bool = False
    text: str = ""
    references: tuple[str, ...] = ()
    sort: str = "echeance"

    @property
    def order(self) -> str:
        return "recue" if self.state in ENDED else self.sort


def list_page(
    session: Session,
    actor: Actor,
    view: str,
    filters: ListFilters,
    now: datetime,
    *,
    after: Passed | None = None,
    limit: int = 50,
) -> list[CaseLine]:
    """Lines after those passed, in the order of the filters. One statement."""
    columns, falls = _ORDERS[filters.order]
    keys = [_C[name] for name in columns]
    query = _narrowed(LINE, actor, view, filters)
    if after is not None:
        here, passed = sa.tuple_(*keys), sa.tuple_(*after)
        query = query.where(here < passed if falls else here > passed)
    query = query.order_by(*(key.desc() if falls else key for key in keys)).limit(limit)
    return [line_of(row) for row in session.execute(query, moments(now))]


def list_count(session: Session, actor: Actor, view: str, filters: ListFilters, now: datetime) -> int:
    """How many there are in all, counted no further than COUNTED_UP_TO + 1. One statement."""
    some = _narrowed(sa.select(_C.id), actor, view, filters).limit(COUNTED_UP_TO + 1).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(some), moments(now)) or 0


def whole_list(
    columns: list[Any], actor: Actor, view: str, filters: ListFilters
) -> sa.Select[*tuple[Any, ...]]:
    """All of a list, in its order; to be executed with `moments(now)`."""
    names, falls = _ORDERS[filters.order]
    query = _narrowed(sa.select(*columns), actor, view, filters)
    return query.order_by(*(_C[name].desc() if falls else _C[name] for name in names))


def list_references(
    session: Session, actor: Actor, view: str, filters: ListFilters, now: datetime, *, limit: int
) -> list[str]:
    """The references of a list, in its order; `limit` at most. One statement."""
    query = whole_list([_C.reference], actor, view, filters).limit(limit)
    return list(session.scalars(query, moments(now)))


def passed_by(line: CaseLine, filters: ListFilters) -> Passed:
    """Where a page ends that ends with this line."""
    names, _falls = _ORDERS[filters.order]
    return tuple(getattr(line, name) for name in names)


def _narrowed(query: sa.Select[Any], actor: Actor, view: str, filters: ListFilters) -> sa.Select[Any]:
    ended = view == WHOLE and filters.state in ENDED
    query = query.where(visible(actor, _SEEN), IN_VIEW[view])
    if not ended:
        query = query.where(_C.closed_at.is_(None))
    if filters.text:
        query = query.join_from(Case.__table__, CaseText.__table__, _T.case_id == _C.id)
        query = query.where(_T.search.op("@@")(words_wanted(filters.text, unfinished=False)))
    return query.where(*_conditions(filters))


def _conditions(filters: ListFilters) -> list[sa.ColumnElement[bool]]:
    equal: list[tuple[Any, Any]] = [
        (_C.state, filters.state),
        (_C.unit_id, filters.unit_id),
        (_C.insee, filters.insee),
        (_C.channel, filters.channel),
        (_C.priority, filters.priority),
    ]
    found = [column == value for column, value in equal if value]
    if filters.received_from:
        found.append(_C.received_at >= filters.received_from)
    if filters.received_until:
        found.append(_C.received_at < filters.received_until)
    if filters.is_late:
        found.append(sa.and_(TO_WORK, _C.due_at < sa.bindparam("now")))
    if filters.category:
        whole = "-" in filters.category
        code = _C.category_code
        found.append(code == filters.category if whole else code.startswith(f"{filters.category}-"))
    if filters.references:
        found.append(_C.reference.in_(filters.references))
    return found
