"""When each task was last done; drafts of agents; the law's receipts and their clocks; batches of letters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class TimetableRun(Base):
    """One periodic task. `last_error` is an exception's class, never its message."""

    __tablename__ = "timetable_runs"

    name: Mapped[str] = mapped_column(primary_key=True)
    last_started_at: Mapped[datetime | None]
    last_done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class AnswerDraft(Base):
    """What one agent is writing about one case: each has their own, so that nobody overwrites anybody.

    Kept after sending with `sent_id`, until the message can no longer be taken back.
    """

    __tablename__ = "answer_drafts"

    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # answer, question
    agent_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("agents.id"), primary_key=True)
    saved_at: Mapped[datetime] = mapped_column(index=True)
    words: Mapped[dict[str, Any]] = mapped_column(JSONB)  # the form's fields as typed
    taken_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    taken_at: Mapped[datetime | None]
    sent_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class WeeklyDigest(Base):
    """Who was written to about which week of which commune: whatever dies between, nobody is told twice."""

    __tablename__ = "weekly_digests"

    week_on: Mapped[date] = mapped_column(primary_key=True)  # the Monday
    insee: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    recipient: Mapped[str] = mapped_column(primary_key=True)
    interaction_id: Mapped[int] = mapped_column(sa.BigInteger)


class Receipt(Base):
    """The exact copy of a receipt that was made out: what L112-6 asks us to show. Its words never change.

    How far it got is told by its interaction; `missing` are the mentions of an acknowledgement it lacks.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        sa.CheckConstraint("nature IN ('registration', 'acknowledgement')", name="nature_known"),
        sa.UniqueConstraint("case_id", "nature"),  # each leaves once
        sa.Index("ix_receipts_interaction", "interaction_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    nature: Mapped[str]  # registration; acknowledgement, when every mention is there
    token: Mapped[str] = mapped_column(unique=True)  # 192 random bits, for the page that shows it
    channel: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]  # whole, even when an SMS gave only its link
    sha256: Mapped[str]  # of subject, two line ends, body, in UTF-8
    missing: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    received_at: Mapped[datetime]  # the true reception, as the receipt says it
    made_at: Mapped[datetime]
    interaction_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class ReceiptClock(Base):
    """A receipt that the law asks for, and by when. Met once it left; waived if it is not owed after all."""

    __tablename__ = "receipt_clocks"
    __table_args__ = (
        sa.CheckConstraint("nature IN ('registration', 'acknowledgement')", name="nature_known"),
        sa.Index(
            "ix_receipt_clocks_running",
            "alert_at",
            "case_id",
            postgresql_where=sa.text("met_at IS NULL AND waived IS NULL"),
        ),
        sa.Index("ix_receipt_clocks_late", "due_at", postgresql_where=sa.text("met_at > due_at")),
    )

    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"), primary_key=True)
    nature: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    alert_at: Mapped[datetime]
    due_at: Mapped[datetime]
    receipt_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("receipts.id"))
    met_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="", server_default="")  # what stands in the way, a code
    waived: Mapped[str | None]  # why it is not owed, a code
    waived_by: Mapped[int | None] = mapped_column(sa.BigInteger)


class LetterBatch(Base):
    """Letters printed together. Open until it is marked as sent, or undone."""

    __tablename__ = "letter_batches"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    agent_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    large_print: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    sent_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class BatchedLetter(Base):
    """One letter of a batch, in its place."""

    __tablename__ = "batched_letters"
    __table_args__ = (sa.Index("ix_batched_letters_interaction", "interaction_id"),)

    batch_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("letter_batches.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int] = mapped_column(sa.BigInteger)
