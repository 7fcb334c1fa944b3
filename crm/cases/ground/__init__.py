"""What is pressed on the ground, perhaps days before it arrives: once each, and over nothing newer."""

from crm.cases.ground.actions import LATE, forget_saves, press, take_save
from crm.cases.ground.models import FieldSave
from crm.cases.ground.pressing import ACTS
from crm.cases.ground.queries import answered
from crm.cases.ground.saving import UNLED, Save, Taken, true_hour

__all__ = [
    "ACTS",
    "LATE",
    "UNLED",
    "FieldSave",
    "Save",
    "Taken",
    "answered",
    "forget_saves",
    "press",
    "take_save",
    "true_hour",
]
