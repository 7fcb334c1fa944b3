"""Colleagues together: steps outside the script, words for somebody, help now, cases that few may read."""

from crm.web.together import forme, help_now, moves, off_script, readers, rule_drafts
from crm.web.together.blueprint import bp

__all__ = ["bp", "forme", "help_now", "moves", "off_script", "readers", "rule_drafts"]
