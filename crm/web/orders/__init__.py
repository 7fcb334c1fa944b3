"""« Interventions »: what units owe to a case; asked from the case, done from the unit's own list."""

from crm.web.orders import acts, of_case, pictures, views
from crm.web.orders.blueprint import bp

__all__ = ["acts", "bp", "of_case", "pictures", "views"]
