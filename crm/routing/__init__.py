"""Which unit is competent, and why: a decision table that the centre edits, replayed without surprise."""

from crm.routing.actions import load_routing
from crm.routing.checking import Problem, check
from crm.routing.deciding import Decision, Reason, UnitState, decide
from crm.routing.events import RoutingPublished
from crm.routing.models import CompetenceRule, RoutingTable
from crm.routing.queries import RoutingCache, current_table, table_version
from crm.routing.rules import Facts, Rule, Table, specificity
from crm.routing.wording import problem_sentence, reason_sentence

__all__ = [
    "CompetenceRule",
    "Decision",
    "Facts",
    "Problem",
    "Reason",
    "RoutingCache",
    "RoutingPublished",
    "RoutingTable",
    "Rule",
    "Table",
    "UnitState",
    "check",
    "current_table",
    "decide",
    "load_routing",
    "problem_sentence",
    "reason_sentence",
    "specificity",
    "table_version",
]
