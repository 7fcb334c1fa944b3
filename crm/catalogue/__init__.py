"""What a demand may be about and how it may end: categories, questions, words of danger and of outcomes."""

from crm.catalogue.actions import LoadedCatalogue, load_catalogue
from crm.catalogue.answers import (
    LONGEST_ANSWER,
    answered,
    check_answers,
    day_answered,
    map_display_from,
    priority_from,
    stops_met,
)
from crm.catalogue.arriving import ARRIVALS, Manner, coming
from crm.catalogue.cache import CatalogueCache
from crm.catalogue.checking import (
    FACTS,
    RETIREMENT,
    Bearing,
    Mistake,
    category_mistakes,
    danger_mistakes,
    outcome_mistakes,
)
from crm.catalogue.comparing import Compared, compare_proposals, compare_rings
from crm.catalogue.contents import (
    CATEGORY,
    DANGER,
    OUTCOME,
    category_from,
    danger_from,
    outcome_from,
    with_category,
    with_danger,
    with_outcome,
)
from crm.catalogue.dangers import dangers_in
from crm.catalogue.drafts import Working, working
from crm.catalogue.editing import (
    begin_category,
    begin_danger,
    publish_category,
    publish_danger,
    publish_outcome,
    take_back,
    write_category,
    write_danger,
    write_outcome,
)
from crm.catalogue.events import CatalogueLoaded
from crm.catalogue.mistakes import told
from crm.catalogue.past import PastCategory, keep_past_categories
from crm.catalogue.queries import asks_evidence, catalogue, category_card, told_about
from crm.catalogue.shapes import (
    OUTCOMES,
    Catalogue,
    Category,
    CategoryCard,
    Choice,
    Danger,
    Domain,
    OutcomeWords,
    Question,
    Raise,
    Stop,
)
from crm.catalogue.suggestions import CategoryIndex, Suggestion

__all__ = [
    "ARRIVALS",
    "CATEGORY",
    "DANGER",
    "FACTS",
    "LONGEST_ANSWER",
    "OUTCOME",
    "OUTCOMES",
    "RETIREMENT",
    "Bearing",
    "Catalogue",
    "CatalogueCache",
    "CatalogueLoaded",
    "Category",
    "CategoryCard",
    "CategoryIndex",
    "Choice",
    "Compared",
    "Danger",
    "Domain",
    "LoadedCatalogue",
    "Manner",
    "Mistake",
    "OutcomeWords",
    "PastCategory",
    "Question",
    "Raise",
    "Stop",
    "Suggestion",
    "Working",
    "answered",
    "asks_evidence",
    "begin_category",
    "begin_danger",
    "catalogue",
    "category_card",
    "category_from",
    "category_mistakes",
    "check_answers",
    "coming",
    "compare_proposals",
    "compare_rings",
    "danger_from",
    "danger_mistakes",
    "dangers_in",
    "day_answered",
    "keep_past_categories",
    "load_catalogue",
    "map_display_from",
    "outcome_from",
    "outcome_mistakes",
    "priority_from",
    "publish_category",
    "publish_danger",
    "publish_outcome",
    "stops_met",
    "take_back",
    "told",
    "told_about",
    "with_category",
    "with_danger",
    "with_outcome",
    "working",
    "write_category",
    "write_danger",
    "write_outcome",
]
