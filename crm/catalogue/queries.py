"""Reading the catalogue as one frozen snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.catalogue.models import CategoryRow, DangerRow, DomainRow, OutcomeRow, QuestionRow
from crm.catalogue.shapes import (
    Catalogue,
    Category,
    CategoryCard,
    Choice,
    Danger,
    Domain,
    OutcomeWords,
    Question,
    Raise,
    Stop,
)


def catalogue(session: Session, on: date | None = None) -> Catalogue:
    """The whole catalogue in five statements; what is retired is in it, to name old cases.

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
        outcomes=tuple(OutcomeWords(*row) for row in session.execute(_OUTCOMES)),
    )


_WORDS = tuple(getattr(OutcomeRow, name) for name in OutcomeWords.__slots__)
_OUTCOMES = sa.select(*_WORDS).order_by(OutcomeRow.position, OutcomeRow.code)


def category_card(session: Session, code: str) -> CategoryCard | None:
    """One category, retired or not, without its questions: for whoever needs no more."""
    row = session.execute(sa.select(*_CARD).where(CategoryRow.code == code)).one_or_none()
    return CategoryCard(*row) if row else None


_CARD = tuple(getattr(CategoryRow, name) for name in CategoryCard.__slots__)


def told_about(
    session: Session, category_code: str | None, outcome: str | None
) -> tuple[CategoryCard | None, OutcomeWords | None]:
    """What a message says of a category and of an end, in one statement."""
    if category_code is None and outcome is None:
        return None, None
    nothing = sa.select(sa.literal(1)).subquery()
    both = sa.select(*_CARD, *_WORDS).select_from(nothing)
    both = both.outerjoin(CategoryRow, CategoryRow.code == category_code)
    row = session.execute(both.outerjoin(OutcomeRow, OutcomeRow.code == outcome)).one()
    card, words = row[: len(_CARD)], row[len(_CARD) :]
    return CategoryCard(*card) if card[0] else None, OutcomeWords(*words) if words[0] else None


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
    ordered = sa.select(*(getattr(DangerRow, name) for name in Danger.__slots__))
    for row in session.execute(ordered.order_by(DangerRow.position, DangerRow.code)):
        values: dict[str, Any] = {**row._mapping, "words": tuple(row.words), "unless": tuple(row.unless)}
        yield Danger(**values)
