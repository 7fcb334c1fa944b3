"""People and places kept on screen: organisations, units, agents, what each may do, what each knows."""

from crm.web.staff import agents, arriving, colleagues, departures, organizations, roles, units
from crm.web.staff.blueprint import bp

__all__ = ["agents", "arriving", "bp", "colleagues", "departures", "organizations", "roles", "units"]
