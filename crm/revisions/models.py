"""Versions of what is edited on screen. The rooms that own the things say what a content means."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class Revision(Base):
    """One version of one thing; without a number, its draft. Version 0 is what was there before."""

    __tablename__ = "revisions"
    __table_args__ = (
        sa.UniqueConstraint("subject", "key", "number"),
        sa.Index(
            "uq_revisions_one_draft",
            "subject",
            "key",
            unique=True,
            postgresql_where=sa.text("number IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    subject: Mapped[str]  # the kind of thing: category, danger, reply…
    key: Mapped[str]  # which one, as its room names it
    number: Mapped[int | None]
    based_on: Mapped[int]  # the version that a draft was begun on
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    edits: Mapped[int] = mapped_column(default=1, server_default="1")  # see `queries.seen_of`
    note: Mapped[str] = mapped_column(default="", server_default="")
    written_by: Mapped[int | None] = mapped_column(sa.BigInteger)  # the agent; None: the programme
    written_at: Mapped[datetime]
