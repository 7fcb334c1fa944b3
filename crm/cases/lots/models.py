"""A lot and its demands, each with what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class Lot(Base):
    """An act that an agent asked for on many demands."""

    __tablename__ = "lots"
    __table_args__ = (sa.Index("ix_lots_agent", "agent_id", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    act: Mapped[str]  # one of LOT_ACTS
    told: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sa.text("'{}'"))  # what the act needs
    agent_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("agents.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LotRow(Base):
    """One demand of a lot. `result`: None while it waits, `done`, or why it was refused, a code."""

    __tablename__ = "lot_rows"

    lot_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("lots.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True)  # in the order they were chosen
    reference: Mapped[str]  # as the form gave it
    result: Mapped[str | None]
