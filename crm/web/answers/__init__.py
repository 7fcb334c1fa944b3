"""The answer to the usager: drafted from the unit's report, reviewed, sent; then the case is closed."""

from crm.web.answers import drafts, undoing, writing
from crm.web.answers.blueprint import bp

__all__ = ["bp", "drafts", "undoing", "writing"]
