"""Appointments: the moments that a service opens, and who comes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class Meeting(StrEnum):
    """How one meets."""

    OFFICE = "office"
    PHONE = "phone"
    VIDEO = "video"
    ON_SITE = "on_site"


class AppointmentState(StrEnum):
    BOOKED = "booked"
    KEPT = "kept"
    MISSED = "missed"  # nobody came
    CANCELLED = "cancelled"


_TAKEN = sa.text("state <> 'cancelled'")


def _codes(values: type[StrEnum]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Slot(Base):
    """A moment at which as many usagers as there are seats may be met."""

    __tablename__ = "appointment_slots"
    __table_args__ = (
        sa.CheckConstraint(f"meeting IN ({_codes(Meeting)})", name="meeting_known"),
        sa.CheckConstraint("seats >= 1", name="has_a_seat"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after"),
        sa.CheckConstraint("unit_id IS NOT NULL OR insee IS NOT NULL", name="is_of_somebody"),
        sa.UniqueConstraint("opening_key", "starts_at"),  # the same form sent twice opens once
        sa.Index("ix_appointment_slots_unit", "unit_id", "starts_at"),
        sa.Index("ix_appointment_slots_insee", "insee", "starts_at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    opening_key: Mapped[str]
    meeting: Mapped[str]
    place: Mapped[str] = mapped_column(server_default="")  # an address, or the link of a video room
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    insee: Mapped[str | None] = mapped_column(sa.String(5))  # the commune whose desk receives
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seats: Mapped[int] = mapped_column(sa.SmallInteger)
    # One a seat; None: somebody of the service, since whoever was named left.
    agent_ids: Mapped[list[int | None]] = mapped_column(ARRAY(sa.BigInteger), server_default="{}")
    opened_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    opened_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Appointment(Base):
    """A seat of a slot, taken for a demand. The database itself refuses the same seat twice."""

    __tablename__ = "appointments"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({_codes(AppointmentState)})", name="state_known"),
        sa.Index("uq_appointments_seat", "slot_id", "seat", unique=True, postgresql_where=_TAKEN),
        sa.Index("ix_appointments_case", "case_id", "id"),
        sa.Index("ix_appointments_told", "told_id", postgresql_where=sa.text("told_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # the same form sent twice is one appointment
    slot_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("appointment_slots.id"))
    seat: Mapped[int] = mapped_column(sa.SmallInteger)
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    state: Mapped[str]
    booked_at: Mapped[datetime]
    booked_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    moves: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")  # calendars keep the highest
    told_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # the message that carries its invitation
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # kept, missed or cancelled
