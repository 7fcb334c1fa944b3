"""« Notifications » : what an agent is told, how they want to be told it; who is on call for a unit."""

from crm.web.notices import on_call, views
from crm.web.notices.blueprint import bp

__all__ = ["bp", "on_call", "views"]
