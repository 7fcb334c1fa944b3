"""The incident as kept: one problem that many report."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class Incident(Base):
    """One problem that many report: suspected by the programme, declared by a person, over at an hour."""

    __tablename__ = "incidents"
    __table_args__ = (
        sa.Index(
            "uq_incidents_current", "case_id", unique=True, postgresql_where=sa.text("ended_at IS NULL")
        ),
        sa.CheckConstraint("declared_at IS NULL OR valid_until IS NOT NULL", name="declared_has_end"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    suspected_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # by an agent, not by the programme
    proposal: Mapped[str] = mapped_column(server_default="")  # why they think it is one
    declared_at: Mapped[datetime | None]
    declared_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    announcement: Mapped[str] = mapped_column(server_default="")  # what agents say to whoever calls about it
    valid_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
