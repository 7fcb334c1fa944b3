"""« Calendrier » : the hours the centre goes by, tried before they are published; the promises of a case."""

from crm.web.calendars import promises, views
from crm.web.calendars.blueprint import bp

__all__ = ["bp", "promises", "views"]
