"""The decision table as kept: every version published, none rewritten; and drafts that become one."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class RoutingTable(Base):
    """One version, in force from `effective_at` until the next one; without a version, a draft."""

    __tablename__ = "routing_tables"
    __table_args__ = (
        sa.CheckConstraint(
            "(version IS NULL) = (published_at IS NULL) AND (version IS NULL) = (effective_at IS NULL)",
            name="published_whole",
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    version: Mapped[int | None] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(default="", server_default="")
    outside_advice: Mapped[str] = mapped_column(default="", server_default="")  # outside the métropole
    outside_advice_en: Mapped[str] = mapped_column(default="", server_default="")
    based_on_id: Mapped[int | None] = mapped_column(sa.ForeignKey("routing_tables.id"))
    created_by: Mapped[int | None] = mapped_column(sa.BigInteger)  # the agent; None: the programme
    changed_at: Mapped[datetime | None]  # a draft: when a rule of it last changed
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(sa.BigInteger)
    effective_at: Mapped[datetime | None] = mapped_column(index=True)


class CompetenceRule(Base):
    """One row of a version; the meaning of each column is told by `rules.Rule`."""

    __tablename__ = "competence_rules"
    __table_args__ = (
        sa.UniqueConstraint("table_id", "position"),
        sa.UniqueConstraint("table_id", "number"),
        sa.CheckConstraint("decision IN ('route', 'refer', 'refuse')", name="decision_known"),
        sa.CheckConstraint("decision = 'refuse' OR unit_id IS NOT NULL", name="acting_has_unit"),
        sa.CheckConstraint("decision <> 'refuse' OR advice <> ''", name="refusal_has_advice"),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name="priority_known"),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="hours_whole"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    table_id: Mapped[int] = mapped_column(sa.ForeignKey("routing_tables.id"))
    position: Mapped[int]
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity())  # how people call it: see Rule
    revision: Mapped[int] = mapped_column(default=1, server_default="1")  # of a draft: two people, one rule
    category_code: Mapped[str | None]
    domain_code: Mapped[str | None]
    insee: Mapped[str | None] = mapped_column(sa.String(5))
    sector_code: Mapped[str | None]
    road_owner: Mapped[str | None]
    place_kind: Mapped[str | None]
    channel: Mapped[str | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    weekdays: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    decision: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    priority: Mapped[int | None] = mapped_column(sa.SmallInteger)
    advice: Mapped[str] = mapped_column(default="", server_default="")
    advice_en: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")


class RoutingSimulation(Base):
    """Past demands decided again by a draft: asked on a screen, done behind, kept with the draft."""

    __tablename__ = "routing_simulations"
    __table_args__ = (sa.Index("ix_routing_simulations_table", "table_id", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    table_id: Mapped[int] = mapped_column(sa.ForeignKey("routing_tables.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    later_weeks: Mapped[int] = mapped_column(server_default="0")  # how much later they are taken to come
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(sa.BigInteger)
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(server_default="0")
    ended_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
