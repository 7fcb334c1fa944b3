"""Open311 GeoReport v2 in JSON and XML, for partners' machines; its requests are cases, by our references."""

from crm.api.open311 import requests, services, updates  # noqa: F401 (they put their routes on the blueprint)
from crm.api.open311.blueprint import bp

__all__ = ["bp"]
