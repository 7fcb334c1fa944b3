"""Where a demand stands, what will happen, and the resident's say in it."""

from crm.portal.tracking import answer_way, following, photos, place_again
from crm.portal.tracking.views import bp

__all__ = ["answer_way", "bp", "following", "photos", "place_again"]
