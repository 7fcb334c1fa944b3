"""The decision table as kept: every version published, none rewritten."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class RoutingTable(Base):
    """One version, in force from `published_at` until the next one."""

    __tablename__ = "routing_tables"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    version: Mapped[int] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(default="", server_default="")
    outside_advice: Mapped[str] = mapped_column(default="", server_default="")  # outside the métropole
    outside_advice_en: Mapped[str] = mapped_column(default="", server_default="")
    published_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[int | None] = mapped_column(sa.BigInteger)  # the agent; None: the programme


class CompetenceRule(Base):
    """One row of a version; the meaning of each column is told by `rules.Rule`."""

    __tablename__ = "competence_rules"
    __table_args__ = (
        sa.UniqueConstraint("table_id", "position"),
        sa.CheckConstraint("decision IN ('route', 'refer', 'refuse')", name="decision_known"),
        sa.CheckConstraint("decision = 'refuse' OR unit_id IS NOT NULL", name="acting_has_unit"),
        sa.CheckConstraint("decision <> 'refuse' OR advice <> ''", name="refusal_has_advice"),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name="priority_known"),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="hours_whole"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    table_id: Mapped[int] = mapped_column(sa.ForeignKey("routing_tables.id"))
    position: Mapped[int]
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
