"""Whatever arrives becomes contact, interaction and case."""

from crm.intake.actions import Demand, register_demand
from crm.intake.places import PlaceGiven, resolve_place

__all__ = ["Demand", "PlaceGiven", "register_demand", "resolve_place"]
