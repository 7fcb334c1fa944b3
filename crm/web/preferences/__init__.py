"""How each agent likes the screens: keys, density, password; the help panel and the list of acts."""

from crm.web.preferences import help_pages, views
from crm.web.preferences.blueprint import bp

__all__ = ["bp", "help_pages", "views"]
