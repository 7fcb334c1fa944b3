"""The supervisor's board: what waits, what is late, what came in; each figure opens its list."""

from crm.web.reporting import by_channel, lists, sites, sorting, views
from crm.web.reporting.blueprint import bp

__all__ = ["bp", "by_channel", "lists", "sites", "sorting", "views"]
