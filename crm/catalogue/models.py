"""Domains, categories, their questions, the words that announce a danger, the words of each outcome."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.catalogue.shapes import DELAY_UNITS, MAP_DISPLAYS, OUTCOMES, PLACES, QUESTION_KINDS, REGIMES
from crm.foundation import Base


class DomainRow(Base):
    __tablename__ = "domains"

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    label_en: Mapped[str]
    position: Mapped[int]


class CategoryRow(Base):
    """One leaf. Retired rather than deleted: old cases keep naming it."""

    __tablename__ = "categories"
    __table_args__ = (
        sa.CheckConstraint(f"place IN {PLACES}", name="place_known"),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name="priority_known"),
        sa.CheckConstraint("delay_days > 0", name="delay_positive"),
        sa.CheckConstraint(f"delay_unit IN {DELAY_UNITS}", name="delay_unit_known"),
        sa.CheckConstraint(f"decision_regime IN {REGIMES}", name="regime_known"),
        sa.CheckConstraint("(decision_regime = 'none') = (decision_months = 0)", name="regime_has_months"),
        sa.CheckConstraint(f"map_display IN {MAP_DISPLAYS}", name="map_display_known"),
        sa.CheckConstraint("map_display = 'never' OR place <> 'none'", name="map_needs_a_place"),
        sa.CheckConstraint("identity_level BETWEEN 0 AND 3", name="identity_level_known"),
        sa.CheckConstraint("replaced_by IS NULL OR retired_on IS NOT NULL", name="heir_needs_a_day"),
        sa.Index("ix_categories_domain_code", "domain_code"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    domain_code: Mapped[str] = mapped_column(sa.ForeignKey("domains.code"))
    label: Mapped[str]
    label_en: Mapped[str]
    synonyms: Mapped[list[str]]
    place: Mapped[str]
    priority: Mapped[int] = mapped_column(sa.SmallInteger)
    delay_days: Mapped[int]  # how many `delay_unit`
    delay_unit: Mapped[str]
    dangers: Mapped[list[str]]
    outcomes: Mapped[list[str]]
    decision_regime: Mapped[str]
    decision_months: Mapped[int] = mapped_column(default=0, server_default="0")  # after which silence decides
    map_display: Mapped[str]
    identity_level: Mapped[int] = mapped_column(sa.SmallInteger)
    evidence: Mapped[bool]
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    position: Mapped[int]
    handling: Mapped[str]
    handling_en: Mapped[str]
    retired_on: Mapped[date | None]  # the first day without it
    replaced_by: Mapped[str | None] = mapped_column(sa.ForeignKey("categories.code"))


class QuestionRow(Base):
    """A question of a category. Retired rather than deleted: old answers keep their wording."""

    __tablename__ = "category_questions"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {QUESTION_KINDS}", name="kind_known"),
        sa.UniqueConstraint("category_code", "key"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    category_code: Mapped[str] = mapped_column(sa.ForeignKey("categories.code"))
    key: Mapped[str]
    label: Mapped[str]
    label_en: Mapped[str]
    kind: Mapped[str]
    choices: Mapped[list[Any]]
    is_required: Mapped[bool]
    position: Mapped[int]
    raises: Mapped[list[Any]]
    stops: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())


class DangerRow(Base):
    """Retired rather than deleted: what was heard before keeps its name."""

    __tablename__ = "dangers"
    __table_args__ = (sa.CheckConstraint("raises_to BETWEEN 1 AND 4", name="raises_to_known"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(default="", server_default="")
    label_en: Mapped[str] = mapped_column(default="", server_default="")
    words: Mapped[list[str]]
    unless: Mapped[list[str]]
    say: Mapped[str]
    say_en: Mapped[str]
    call: Mapped[str]  # the number to give, as it is read aloud; empty when there is none
    raises_to: Mapped[int] = mapped_column(sa.SmallInteger)
    position: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())


class OutcomeRow(Base):
    """The words of an outcome. The list is closed: the lifecycle and the open data rest on each code."""

    __tablename__ = "outcomes"
    __table_args__ = (
        sa.CheckConstraint(f"code IN {OUTCOMES}", name="code_known"),
        sa.CheckConstraint("label <> '' AND sentence <> ''", name="said_in_french"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    label_en: Mapped[str]
    sentence: Mapped[str]
    sentence_en: Mapped[str]
    followed: Mapped[str]
    followed_en: Mapped[str]
    for_any: Mapped[bool]
    position: Mapped[int]
