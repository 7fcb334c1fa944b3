"""Entering a demand: one page, one submit, help that follows the typing."""

from crm.web.intake import assists, callers, ending, nearby, views
from crm.web.intake.blueprint import bp

__all__ = ["assists", "bp", "callers", "ending", "nearby", "views"]
