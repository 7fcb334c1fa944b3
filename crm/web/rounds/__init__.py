"""« Tournées »: made by a team lead, printed, or read on a telephone in the order of the walk."""

from crm.web.rounds import acts, adding, making, views
from crm.web.rounds.blueprint import bp

__all__ = ["acts", "adding", "bp", "making", "views"]
