"""Categories, dangers and outcomes as data: drafted, tried, published with the reason."""

from crm.web.catalogue import dangers, editing, listing, outcomes, publishing, questions, retiring, trying
from crm.web.catalogue.blueprint import bp

__all__ = ["bp", "dangers", "editing", "listing", "outcomes", "publishing", "questions", "retiring", "trying"]
