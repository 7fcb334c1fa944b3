"""What an agent was typing when the line dropped, the tab closed or the session ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class Draft(Base):
    """A form as it stood. It holds what a usager said: it is its agent's alone, and does not last."""

    __tablename__ = "drafts"
    __table_args__ = (
        sa.UniqueConstraint("agent_id", "kind", "key"),
        sa.Index("ix_drafts_saved_at", "saved_at"),
        sa.Index("ix_drafts_key", "key"),
        sa.Index("ix_drafts_contact_id", "contact_id", postgresql_where=sa.text("contact_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"))
    kind: Mapped[str]
    key: Mapped[str]  # of a demand: the number reserved for it
    fields: Mapped[dict[str, Any]]  # name → values, as the form posts them
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    version: Mapped[int]
    tab: Mapped[str] = mapped_column(default="", server_default="")  # which open page wrote it last
    tab_save: Mapped[int] = mapped_column(default=0, server_default="0")  # and its how-manieth save it was
    interrupted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    callback_id: Mapped[int | None] = mapped_column(sa.ForeignKey("interactions.id", ondelete="SET NULL"))


class WalkIn(Base):
    """Somebody who came to a counter and took a number; nothing says who."""

    __tablename__ = "walk_ins"
    __table_args__ = (
        sa.UniqueConstraint("insee", "day", "number"),
        sa.Index("ix_walk_ins_arrived", "arrived_at"),
        sa.Index("ix_walk_ins_case", "case_id", postgresql_where=sa.text("case_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    insee: Mapped[str] = mapped_column(sa.String(5))
    day: Mapped[date]
    number: Mapped[int]
    arrived_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    case_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))


class HelpCall(Base):
    """« Besoin d'aide maintenant »: an agent on the line calls colleagues. One at a time for each."""

    __tablename__ = "help_calls"
    __table_args__ = (
        sa.Index("uq_help_calls_open", "agent_id", unique=True, postgresql_where=sa.text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("agents.id", ondelete="CASCADE"))
    draft_key: Mapped[str] = mapped_column(server_default="")  # the form that was open
    asked_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    answered_at: Mapped[datetime | None]
    taken_over_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
