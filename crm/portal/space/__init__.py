"""A resident's own space: all their demands, whatever the channel."""

from crm.portal.space import data, preferences, vouching
from crm.portal.space.views import bp

__all__ = ["bp", "data", "preferences", "vouching"]
