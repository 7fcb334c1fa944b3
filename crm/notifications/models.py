"""When the timetable last did each of its tasks; what agents are writing to usagers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
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
