"""The joining kit: each commune on its way in, from its streets to the day it goes live."""

from crm.web.network import communes, ground
from crm.web.network.blueprint import bp

__all__ = ["bp", "communes", "ground"]
