"""What happens to an appointment, told on the case it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _AppointmentEvent(Event):
    subject_kind: ClassVar[str] = "case"
    appointment_id: int
    starts_at: str  # ISO moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentBooked(_AppointmentEvent):
    kind: ClassVar[str] = "appointment.booked"
    meeting: str
    said_aloud: bool = False  # they were told as it was taken: no call is owed


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMoved(_AppointmentEvent):
    kind: ClassVar[str] = "appointment.moved"
    left_at: str  # ISO moment it was at before
    said_aloud: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCancelled(_AppointmentEvent):
    kind: ClassVar[str] = "appointment.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentNear(_AppointmentEvent):
    """It is tomorrow: the usager is reminded."""

    kind: ClassVar[str] = "appointment.near"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentKept(_AppointmentEvent):
    kind: ClassVar[str] = "appointment.kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMissed(_AppointmentEvent):
    """Nobody came."""

    kind: ClassVar[str] = "appointment.missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsOpened(Event):
    kind: ClassVar[str] = "slots.opened"
    subject_kind: ClassVar[str] = "slot"  # the first of them
    how_many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotWithdrawn(Event):
    kind: ClassVar[str] = "slot.withdrawn"
    subject_kind: ClassVar[str] = "slot"
