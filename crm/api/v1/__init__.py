"""Our own REST door, version 1: small for now, and described truthfully by itself."""

from crm.api.v1.views import bp

__all__ = ["bp"]
