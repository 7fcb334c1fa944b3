"""The ground, on a telephone: big buttons, a photo, one note. A form sent twice is one act."""

from crm.web.field import acts, views
from crm.web.field.blueprint import bp

__all__ = ["acts", "bp", "views"]
