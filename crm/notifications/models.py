"""When the timetable last did each of its tasks: any number of hosts, one memory."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class TimetableRun(Base):
    """One periodic task. `last_error` is an exception's class, never its message."""

    __tablename__ = "timetable_runs"

    name: Mapped[str] = mapped_column(primary_key=True)
    last_started_at: Mapped[datetime | None]
    last_done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
