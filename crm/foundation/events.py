"""Facts in the past tense and what must follow from them. Nobody may rewrite them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.foundation.database import Base


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact: codes and ids only, never names or free text."""

    kind: ClassVar[str]
    subject_kind: ClassVar[str]
    subject_id: int

    def data(self) -> dict[str, Any]:
        """What the fact carries besides its subject, ready for JSON."""
        return {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if f.name != "subject_id" and getattr(self, f.name) is not None
        }


class EventRow(Base):
    """One fact as kept. A trigger refuses UPDATE, DELETE and TRUNCATE."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("ix_events_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_events_at", "at", postgresql_using="brin"),  # rows come in the order of their moments
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    organization_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]


class Delivery(Base):
    """One thing that must follow from a fact: pending, done, or parked after too many tries."""

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.Index(
            "ix_deliveries_pending",
            "due_at",
            "id",
            postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
        ),
        sa.Index("ix_deliveries_parked", "parked_at", postgresql_where=sa.text("parked_at IS NOT NULL")),
        sa.Index("ix_deliveries_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("events.id"))
    job: Mapped[str]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    done_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    last_error: Mapped[str | None]  # a code or an exception's class, never a message: it could name someone
    event: Mapped[EventRow] = relationship(lazy="raise_on_sql")
