"""Asking outside from the console: an opinion, a referral, a contractor; what came back and what did not."""

from crm.web.guests import asking, lists, on_case
from crm.web.guests.blueprint import bp

__all__ = ["asking", "bp", "lists", "on_case"]
