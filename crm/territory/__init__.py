"""Communes, sectors, streets and addresses: which commune is this, whose street, where exactly."""

from crm.territory.actions import Loaded, load_addresses, load_streets, load_territory
from crm.territory.atlas import CommuneLine
from crm.territory.bulk import Progress
from crm.territory.events import TerritoryLoaded
from crm.territory.kept import forget
from crm.territory.models import Address, Commune, Sector, Street
from crm.territory.places import (
    Place,
    address_place,
    commune_for_postcode,
    communes,
    locate,
    outlines,
    street_place,
)
from crm.territory.queries import AddressHit, search_addresses
from crm.territory.reading import Refusal
from crm.territory.sector_lists import SectorLine, sectors
from crm.territory.street_lines import street_lines
from crm.territory.street_lists import StreetLine, streets_of

__all__ = [
    "Address",
    "AddressHit",
    "Commune",
    "CommuneLine",
    "Loaded",
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
    "communes",
    "forget",
    "load_addresses",
    "load_streets",
    "load_territory",
    "locate",
    "outlines",
    "search_addresses",
    "sectors",
    "street_lines",
    "street_place",
    "streets_of",
]
