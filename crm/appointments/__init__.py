"""Appointments: moments opened by a service or a desk, seats taken for a demand, nobody booked twice."""

from crm.appointments.actions import (
    book_appointment,
    cancel_appointment,
    cancel_to_come,
    move_appointment,
    note_presence,
    note_told,
    open_slots,
    remind_of_tomorrow,
    withdraw_slot,
)
from crm.appointments.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentKept,
    AppointmentMissed,
    AppointmentMoved,
    AppointmentNear,
    SlotsOpened,
    SlotWithdrawn,
)
from crm.appointments.invitation import invitation
from crm.appointments.leaving import give_seats_to, seats_held
from crm.appointments.models import AppointmentState, Meeting
from crm.appointments.opening import Opening
from crm.appointments.queries import (
    AppointmentCard,
    SlotCard,
    appointment_by_id,
    appointments_of_case,
    appointments_on,
    appointments_to_come,
    free_slots,
    invitations,
    slots_opened,
)
from crm.appointments.signing import appointment_signed, signed_appointment

__all__ = [
    "AppointmentBooked", "AppointmentCancelled", "AppointmentCard", "AppointmentKept", "AppointmentMissed",
    "AppointmentMoved", "AppointmentNear", "AppointmentState", "Meeting", "Opening", "SlotCard",
    "SlotWithdrawn", "SlotsOpened", "appointment_by_id", "appointment_signed",
    "appointments_of_case", "appointments_on", "appointments_to_come", "book_appointment",
    "cancel_appointment", "cancel_to_come", "free_slots", "give_seats_to", "invitation", "invitations",
    "move_appointment", "note_presence", "note_told", "open_slots", "remind_of_tomorrow", "seats_held",
    "signed_appointment", "slots_opened", "withdraw_slot",
]  # fmt: skip
