"""Our own REST door, version 1, described by the models that check what comes in and shape what goes out."""

from crm.api.v1 import cases, contacts, events, orders, trying, working  # noqa: F401 (they put their routes on it)
from crm.api.v1.blueprint import bp

__all__ = ["bp"]
