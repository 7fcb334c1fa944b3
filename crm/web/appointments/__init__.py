"""Appointments: proposed from a case in four gestures, the day's list, the moments opened."""

from crm.web.appointments import booking, calling_back, opening
from crm.web.appointments.blueprint import bp

__all__ = ["booking", "bp", "calling_back", "opening"]
