"""Whatever arrives becomes contact, interaction and case."""

from crm.intake.actions import Demand, register_demand
from crm.intake.importing import PastCase, import_cases
from crm.intake.places import PlaceGiven, resolve_place

__all__ = ["Demand", "PastCase", "PlaceGiven", "import_cases", "register_demand", "resolve_place"]
