"""One box for everything, and the sheet of a usager."""

from crm.web.finding import search, sheet
from crm.web.finding.blueprint import bp

__all__ = ["bp", "search", "sheet"]
