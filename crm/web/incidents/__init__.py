"""« Incidents »: one problem, many callers; what agents say, how many came, and its end."""

from crm.web.incidents import views
from crm.web.incidents.blueprint import bp

__all__ = ["bp", "views"]
