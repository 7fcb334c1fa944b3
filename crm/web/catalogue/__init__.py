"""What a demand may be about and what rings, as data: drafted, tried, published with its reason."""

from crm.web.catalogue import dangers, editing, listing, publishing, questions, retiring, trying
from crm.web.catalogue.blueprint import bp

__all__ = ["bp", "dangers", "editing", "listing", "publishing", "questions", "retiring", "trying"]
