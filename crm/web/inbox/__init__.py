"""What reached us and waits: read, sorted, accounted for."""

from crm.web.inbox import acts, balance, lists, making, originals, unsaid
from crm.web.inbox.blueprint import bp

__all__ = ["acts", "balance", "bp", "lists", "making", "originals", "unsaid"]
