"""What a demand may be about: domains, categories, their questions, the words of danger."""

from crm.catalogue.actions import LoadedCatalogue, load_catalogue
from crm.catalogue.answers import LONGEST_ANSWER, check_answers, map_display_from, priority_from, stops_met
from crm.catalogue.cache import CatalogueCache
from crm.catalogue.dangers import dangers_in
from crm.catalogue.events import CatalogueLoaded
from crm.catalogue.mistakes import told
from crm.catalogue.past import PastCategory, keep_past_categories
from crm.catalogue.queries import asks_evidence, catalogue, category_card
from crm.catalogue.shapes import (
    OUTCOMES,
    Catalogue,
    Category,
    CategoryCard,
    Choice,
    Danger,
    Domain,
    Question,
    Raise,
    Stop,
)
from crm.catalogue.suggestions import CategoryIndex, Suggestion

__all__ = [
    "LONGEST_ANSWER",
    "OUTCOMES",
    "Catalogue",
    "CatalogueCache",
    "CatalogueLoaded",
    "Category",
    "CategoryCard",
    "CategoryIndex",
    "Choice",
    "Danger",
    "Domain",
    "LoadedCatalogue",
    "PastCategory",
    "Question",
    "Raise",
    "Stop",
    "Suggestion",
    "asks_evidence",
    "catalogue",
    "category_card",
    "check_answers",
    "dangers_in",
    "keep_past_categories",
    "load_catalogue",
    "map_display_from",
    "priority_from",
    "stops_met",
    "told",
]
