"""What somebody outside sees by their link: one extract, and a form to answer."""

from crm.portal.guests.views import bp

__all__ = ["bp"]
