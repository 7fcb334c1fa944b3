"""A resident's appointment, by the link of its confirmation: read, moved, cancelled."""

from crm.portal.appointments.views import bp

__all__ = ["bp"]
