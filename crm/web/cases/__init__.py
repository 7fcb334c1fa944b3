"""One case: what is known, what happened, what can be done."""

from crm.web.cases import acts, editing, files, leading, people, presence, resolving, views
from crm.web.cases.blueprint import bp

__all__ = ["acts", "bp", "editing", "files", "leading", "people", "presence", "resolving", "views"]
