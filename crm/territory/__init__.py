"""Communes, sectors, streets and addresses: which commune is this, whose street, where exactly."""

from crm.territory.actions import Loaded, load_addresses, load_streets, load_territory, remove_commune
from crm.territory.atlas import CommuneLine
from crm.territory.bulk import Progress
from crm.territory.events import TerritoryLoaded
from crm.territory.kept import forget
from crm.territory.models import Address, Commune, CommuneJoining, Sector, Street
from crm.territory.overlaps import Overlap, worst_overlap
from crm.territory.places import (
    Place,
    address_place,
    commune_for_postcode,
    commune_place,
    communes,
    locate,
    offered,
    outlines,
    street_place,
)
from crm.territory.queries import AddressHit, search_addresses
from crm.territory.reading import Refusal
from crm.territory.sector_lists import SectorLine, sectors, sectors_by_commune
from crm.territory.street_lines import street_lines
from crm.territory.street_lists import StreetLine, streets_of

__all__ = [
    "Address",
    "AddressHit",
    "Commune",
    "CommuneJoining",
    "CommuneLine",
    "Loaded",
    "Overlap",
    "Place",
    "Progress",
    "Refusal",
    "Sector",
    "SectorLine",
    "Street",
    "StreetLine",
    "TerritoryLoaded",
    "address_place",
    "commune_for_postcode",
    "commune_place",
    "communes",
    "forget",
    "load_addresses",
    "load_streets",
    "load_territory",
    "locate",
    "offered",
    "outlines",
    "remove_commune",
    "search_addresses",
    "sectors",
    "sectors_by_commune",
    "street_lines",
    "street_place",
    "streets_of",
    "worst_overlap",
]
