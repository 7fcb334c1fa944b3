"""« Calendriers »: the hours the centre and its units go by, tried, then published; promises of a case."""

from crm.web.calendars import coming, editing, promises, views
from crm.web.calendars.blueprint import bp

__all__ = ["bp", "coming", "editing", "promises", "views"]
