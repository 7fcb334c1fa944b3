"""What a telephone sent, by its key, and what became of it: a second sending is told the same."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class FieldSave(Base):
    """One button pressed on the ground. Its words and photos stand with the case; nothing of where it was."""

    __tablename__ = "field_saves"
    __table_args__ = (
        sa.Index("ix_field_saves_case", "case_id", "agent_id"),
        sa.Index("ix_field_saves_received_at", "received_at"),
    )

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)  # made by the telephone
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    number: Mapped[int | None] = mapped_column(sa.SmallInteger)  # of the order; none: the case itself
    agent_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    act: Mapped[str]
    occurred_at: Mapped[datetime]  # when the button was pressed
    received_at: Mapped[datetime]
    seen_version: Mapped[int]  # what the telephone showed, the agent's own earlier saves counted
    version: Mapped[int]  # after it
    is_done: Mapped[bool]  # else it was kept as a note
    why: Mapped[str] = mapped_column(server_default="")  # a code: what stood in its way
