"""The ground, on a telephone: big buttons, a photo, one note. A form sent twice is one act."""

from crm.web.field import acts, distance, views
from crm.web.field.blueprint import bp

__all__ = ["acts", "bp", "distance", "views"]
