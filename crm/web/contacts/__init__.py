"""A usager's own page to correct, two usagers that may be one, and what each needs."""

from crm.web.contacts import comparing, editing, readings
from crm.web.contacts.blueprint import bp

__all__ = ["bp", "comparing", "editing", "readings"]
