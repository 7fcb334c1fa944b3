"""Past demands as facts, to decide again; and who was entrusted with them, to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Case, CaseSheet
from crm.catalogue import Catalogue
from crm.routing import Assignment, Facts, PastCase

_C = cast(sa.Table, Case.__table__).c
_AT_ONCE = 5000
OUTSIDE = "outside_territory"  # whether the place lay elsewhere is known by what was said then
_TOLD_OUTSIDE = _C.routing[("reasons", "0", "code")].astext == OUTSIDE
_FACTS = sa.select(
    _C.reference,
    _C.category_code,
    _C.insee,
    _C.sector_code,
    _C.road_owner,
    _C.channel,
    _C.answers,
    _C.received_at,
    _C.unit_id,
    sa.func.coalesce(_TOLD_OUTSIDE, sa.false()).label("outside"),
)


def past_count(session: Session, since: datetime, until: datetime) -> int:
    return session.scalar(sa.select(sa.func.count()).where(*_received(since, until))) or 0


def past_cases(session: Session, book: Catalogue, since: datetime, until: datetime) -> Iterator[PastCase]:
    """Streamed, the oldest first: the facts that the decision was made on, as they stand today.

    A category retired since then counts as it did: what is asked is who would be competent.
    """
    query = _FACTS.where(*_received(since, until)).order_by(_C.received_at, _C.id)
    for row in session.execute(query, execution_options={"yield_per": _AT_ONCE}):
        yield _past(book, row)


def _past(book: Catalogue, row: Any) -> PastCase:
    return PastCase(row.reference, facts_of(book, row, outside=row.outside), row.unit_id)


def facts_of(book: Catalogue, case: Any, *, outside: bool) -> Facts:
    """What a decision is made on, of a case or of a row that has the same columns."""
    category = book.category(case.category_code) if case.category_code else None
    return Facts(
        category_code=case.category_code,
        domain_code=category.domain_code if category else None,
        insee=case.insee,
        sector_code=case.sector_code,
        road_owner=case.road_owner,
        place_kind=category.place if category else None,
        inside=not outside,
        channel=case.channel,
        answers=case.answers,
        received_at=case.received_at,
    )


def facts_of_case(book: Catalogue, case: CaseSheet) -> Facts:
    reasons = case.routing.get("reasons") or [{}]
    return facts_of(book, case, outside=reasons[0].get("code") == OUTSIDE)


def _received(since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """But what few may read: whoever tries rules reads no demand, and is given examples."""
    return _C.received_at >= since, _C.received_at < until, _C.readers.is_(None)


def past_assignments(session: Session, since: datetime, until: datetime) -> list[Assignment]:
    """How many demands of each category and commune each unit has had in the end. One statement.

    Whoever has it now was found competent in the end, whatever rule or hand it first went through.
    """
    grouped = (_C.category_code, _C.insee, _C.unit_id)
    query = (
        sa.select(*grouped, sa.func.count())
        .where(*_received(since, until), _C.category_code.is_not(None), _C.unit_id.is_not(None))
        .group_by(*grouped)
    )
    return [
        Assignment(category, insee, str(unit), times)
        for category, insee, unit, times in session.execute(query)
    ]


def objects_of_late(session: Session, since: datetime, most: int) -> list[tuple[str, str | None]]:
    """The latest demands' words, with the category that each was given; none that few may read."""
    query = sa.select(_C.object, _C.category_code).where(_C.received_at >= since, _C.readers.is_(None))
    rows = session.execute(query.order_by(_C.received_at.desc()).limit(most))
    return [(said, category) for said, category in rows]
