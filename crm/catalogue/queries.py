"""Reading the catalogue as one frozen snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.catalogue.models import CategoryRow, DangerRow, DomainRow, QuestionRow
from crm.catalogue.shapes import (
    Catalogue,
    Category,
    CategoryCard,
    Choice,
    Danger,
    Domain,
    Question,
    Raise,
    Stop,
)


def catalogue(session: Session, on: date | None = None) -> Catalogue:
    """The whole catalogue in four statements; retired categories are in it, to name old cases.

    Args:
        on: the day for which categories are in use or not; None: those to be retired still are.
    """
    domains = session.execute(
        sa.select(DomainRow.code, DomainRow.label, DomainRow.label_en, DomainRow.position).order_by(
            DomainRow.position, DomainRow.code
        )
    )
    ordered = sa.select(CategoryRow.__table__).order_by(CategoryRow.domain_code, CategoryRow.position)
    asked, past = _questions(session)
    return Catalogue(
        domains=tuple(Domain(*row) for row in domains),
        categories={
            row.code: _category(row, on, asked[row.code], past[row.code]) for row in session.execute(ordered)
        },
        dangers=tuple(_dangers(session)),
    )


def category_card(session: Session, code: str) -> CategoryCard | None:
    """One category, retired or not, without its questions: for who needs no more."""
    columns = (
        CategoryRow.code,
        CategoryRow.label,
        CategoryRow.domain_code,
        CategoryRow.decision_regime,
        CategoryRow.decision_months,
    )
    row = session.execute(sa.select(*columns).where(CategoryRow.code == code)).one_or_none()
    return CategoryCard(*row) if row else None


def asks_evidence(session: Session, code: str | None) -> bool:
    """Is a photo of the work done to be given, for this category?"""
    asked = sa.select(CategoryRow.evidence).where(CategoryRow.code == code)
    return code is not None and bool(session.scalar(asked))


_Questions = defaultdict[str, list[Question]]


def _questions(session: Session) -> tuple[_Questions, _Questions]:
    asked: _Questions = defaultdict(list)
    past: _Questions = defaultdict(list)
    ordered = sa.select(QuestionRow.__table__).order_by(QuestionRow.category_code, QuestionRow.position)
    for row in session.execute(ordered):
        (asked if row.is_active else past)[row.category_code].append(
            Question(
                key=row.key,
                label=row.label,
                label_en=row.label_en,
                kind=row.kind,
                choices=tuple(Choice(**choice) for choice in row.choices),
                is_required=row.is_required,
                raises=tuple(Raise(**change) for change in row.raises),
                stops=tuple(Stop(**stop) for stop in row.stops),
            )
        )
    return asked, past


def _category(
    row: sa.Row[tuple[Any, ...]], on: date | None, asked: list[Question], past: list[Question]
) -> Category:
    values: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in row._mapping.items()
    }
    gone = on is not None and row.retired_on is not None and row.retired_on <= on
    values["is_active"] = row.is_active and not gone
    return Category(**values, questions=tuple(asked), past_questions=tuple(past))


def _dangers(session: Session) -> Iterable[Danger]:
    for row in session.scalars(sa.select(DangerRow).order_by(DangerRow.position)):
        yield Danger(
            row.code, tuple(row.words), tuple(row.unless), row.say, row.say_en, row.call, row.raises_to
        )
