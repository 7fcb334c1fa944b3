"""A mairie's desk: its day on one page, a short form, a receipt, a list for the mayor; no script needed."""

from crm.web.desk import home, mayor, receipts, short_form, waiting_room
from crm.web.desk.blueprint import bp

__all__ = ["bp", "home", "mayor", "receipts", "short_form", "waiting_room"]
