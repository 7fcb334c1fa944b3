"""Open311 GeoReport v2 in JSON, for partners' machines. Its requests are cases, their ids our references."""

from crm.api.open311 import requests, services  # noqa: F401 (they put their routes on the blueprint)
from crm.api.open311.blueprint import bp

__all__ = ["bp"]
