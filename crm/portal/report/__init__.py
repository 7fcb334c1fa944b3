"""Report something: a few pages, one form that travels with the person, nothing kept before it is sent."""

from crm.portal.report import ground, helping, joining
from crm.portal.report.views import bp

__all__ = ["bp", "ground", "helping", "joining"]
