"""A round and its stops; a stop is a case of the unit, or an order that it owes to another's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


@dataclass(frozen=True, slots=True)
class OfUnit:
    """What decides who reaches a round: its unit, and no place."""

    unit_id: int | None
    insee: str | None = None
    origin_insee: str | None = None
    responsible_insee: str | None = None
    readers: list[str] | None = None


class Round(Base):
    __tablename__ = "rounds"
    __table_args__ = (
        sa.Index("ix_rounds_unit_day", "unit_id", "day", "id"),
        sa.Index("ix_rounds_agent_day", "agent_id", "day", "id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(server_default="")
    start_label: Mapped[str] = mapped_column(server_default="")
    start_lon: Mapped[float | None]
    start_lat: Mapped[float | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")


class RoundStop(Base):
    __tablename__ = "round_stops"
    __table_args__ = (
        sa.Index("ix_round_stops_round", "round_id", "place"),
        sa.Index("ix_round_stops_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id", ondelete="CASCADE"))
    place: Mapped[int] = mapped_column(sa.SmallInteger)  # from 1, in the order of the walk
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_orders.id"))
