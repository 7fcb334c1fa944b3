"""The call that rings: who it may be, the form in one key, its motive when it ends."""

from crm.web.calls import views
from crm.web.calls.blueprint import bp

__all__ = ["bp", "views"]
