"""Find demands by what was said of them, or by a piece of their reference, within the actor's reach."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from crm.access import not_barred, reach_marks, visible
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.search.texts import CaseText
from crm.foundation import Actor, clean

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS, _LONGEST_WORD, _LONGEST_TEXT = 12, 60, 600
_WINDOW = 3000  # latest texts read one by one before the index of words is asked
_COUNTED = 1001
_OBJECT = 2000


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A demand as a result of search; `object` whole, so that what was sought can be shown in it."""

    id: int
    reference: str
    object: str
    category_code: str | None
    state: CaseState
    priority: int
    place_label: str
    insee: str | None
    unit_id: int | None
    due_at: datetime
    received_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundCases:
    """
    Args:
        count: how many there are, 1001 for more; None when they are many and were not counted.
        has_more: others follow these.
    """

    cases: tuple[FoundCase, ...]
    count: int | None
    has_more: bool


NOTHING = FoundCases((), 0, False)
After = tuple[datetime, int]
_C, _T = (cast(sa.Table, entity.__table__).c for entity in (Case, CaseText))
_SEEN: Any = _C
FOUND = [sa.func.left(_C.object, _OBJECT).label("object") if f.name == "object" else _C[f.name]
          for f in fields(FoundCase)]  # fmt: skip
_STATE = [f.name for f in fields(FoundCase)].index("state")


def spoken_words(text: str) -> list[str]:
    """The words of what was typed, as PostgreSQL will stem them: no sign of its query language is left."""
    plain = clean(text[:_LONGEST_TEXT]).lower().replace("œ", "oe").replace("æ", "ae")
    return [word[:_LONGEST_WORD] for word in _WORD.findall(plain)][:_MOST_WORDS]


def search_cases(
    session: Session,
    actor: Actor,
    text: str,
    *,
    after: After | None = None,
    limit: int = 20,
    unfinished: bool = True,
) -> FoundCases:
    """Demands of which every word was said, the latest received first. Two statements at most.

    A word that is often said now is met among the latest texts, one after the other; any other is looked up
    in the index of words and sorted. Left to itself the planner would read all dates for a rare word.

    Args:
        unfinished: the last word may be the beginning of a longer one.
    """
    marks = reach_marks(actor)
    if not spoken_words(text) or (marks is not None and not marks):
        return NOTHING
    wanted = words_wanted(text, marks, unfinished=unfinished)
    latest = [
        found_case(row) for row in session.execute(_whole(actor, _among_latest(wanted, after, limit + 1)))
    ]
    if len(latest) > limit:
        return FoundCases(tuple(latest[:limit]), None, True)
    read = not_barred(actor, _T.case_id, Case.__table__)  # counted, it would be told
    every = sa.select(_T.case_id, _T.received_at).where(_T.search.op("@@")(wanted), read).cte("every")
    every = every.prefix_with("MATERIALIZED")
    picked = _page(every.c, after, limit + 1)
    few = sa.select(every.c.case_id).limit(_COUNTED).subquery()
    counted = sa.select(sa.func.count()).select_from(few).scalar_subquery()
    rows = session.execute(_whole(actor, picked).add_columns(counted.label("counted"))).all()
    cases = tuple(found_case(row) for row in rows)
    return FoundCases(cases[:limit], rows[0].counted if rows else 0, len(cases) > limit)


def cases_by_references(
    session: Session, actor: Actor, references: Collection[str], limit: int = 10
) -> list[FoundCase]:
    """Those of the references that exist and are within reach, the latest first."""
    if not references:
        return []
    query = sa.select(*FOUND).where(_C.reference.in_(references), visible(actor, _SEEN))
    rows = session.execute(query.order_by(_C.reference.desc()).limit(limit))
    return [found_case(row) for row in rows]


def found_case(row: Any) -> FoundCase:
    values = list(row)[: len(FOUND)]
    values[_STATE] = CaseState(values[_STATE])
    return FoundCase(*values)


def words_wanted(text: str, marks: frozenset[str] | None = None, *, unfinished: bool) -> sa.ScalarSelect[Any]:
    """A tsquery of all the words; it finds nothing when there is none.

    Made once a statement: as a plain call it would be made again for each text that is looked at.
    """
    words = spoken_words(text)
    query: sa.ColumnElement[Any] = sa.func.french_query(words, unfinished, type_=TSQUERY)
    if marks is not None:
        within = " | ".join(f"'@{mark}'" for mark in sorted(marks))
        query = query.op("&&")(sa.cast(within, TSQUERY))
    return sa.select(query).scalar_subquery()


def _among_latest(wanted: sa.ScalarSelect[Any], after: After | None, limit: int) -> sa.Select[Any]:
    read = sa.select(_T.case_id, _T.received_at, _T.search)
    window = _older(read, _T, after).order_by(_T.received_at.desc(), _T.case_id.desc()).limit(_WINDOW)
    near = window.subquery("near")
    matching = sa.select(near.c.case_id, near.c.received_at).where(near.c.search.op("@@")(wanted))
    return matching.limit(limit)


def _page(columns: Any, after: After | None, limit: int) -> sa.Select[Any]:
    query = _older(sa.select(columns.case_id, columns.received_at), columns, after)
    return query.order_by(columns.received_at.desc(), columns.case_id.desc()).limit(limit)


def _older(query: sa.Select[Any], columns: Any, after: After | None) -> sa.Select[Any]:
    if after is None:
        return query
    return query.where(sa.tuple_(columns.received_at, columns.case_id) < sa.tuple_(*after))


def _whole(actor: Actor, picked: sa.Select[Any]) -> sa.Select[Any]:
    ids = picked.subquery("picked")
    query = sa.select(*FOUND).join_from(ids, Case.__table__, _C.id == ids.c.case_id)
    return query.where(visible(actor, _SEEN)).order_by(ids.c.received_at.desc(), ids.c.case_id.desc())
