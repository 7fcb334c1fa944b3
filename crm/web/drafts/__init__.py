"""Drafts of the entry form: saved while typing, found again, finished or thrown away."""

from crm.web.drafts import sharing, views
from crm.web.drafts.blueprint import bp

__all__ = ["bp", "sharing", "views"]
