"""Counters that are kept, so that what is shown of the past costs the same whatever the past."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base

EVERY_CHANNEL = ""  # the line of an hour's total: it stands there even for an hour in which nothing came


class HourlyVolume(Base):
    """How many cases were registered in one hour that has ended. A case's hour never changes."""

    __tablename__ = "hourly_volumes"

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    opened: Mapped[int]
