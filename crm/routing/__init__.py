"""Which unit is competent, and why: a decision table that the centre edits, replayed without surprise."""

from crm.routing.actions.drafting import drop_draft, refresh_draft, start_draft
from crm.routing.actions.editing import add_rule, adopt_rules, change_rule, entrust_rules, remove_rule
from crm.routing.actions.loading import load_routing
from crm.routing.actions.publishing import publish_draft, withdraw_version
from crm.routing.actions.simulating import ask_simulation, end_simulation, note_progress
from crm.routing.checking import OUTSIDE, Problem, check
from crm.routing.comparing import Difference, Rebased, changed_fields, differences, rebased
from crm.routing.deciding import Decision, Reason, UnitState, decide
from crm.routing.drafts import (
    Orphan,
    RuleFilter,
    RuleLine,
    Trouble,
    VersionCard,
    in_force,
    latest_version,
    one_rule,
    one_version,
    orphans,
    rule_total,
    rules_by_id,
    rules_numbered,
    rules_page,
    tables_compared,
    troubles,
    versions,
    worries,
)
from crm.routing.events import RoutingPublished, RoutingSimulationAsked
from crm.routing.holes import Hole, holes, usual_unit
from crm.routing.learning import Assignment, Compared, Proposal, Score, compare, learn, score
from crm.routing.models import CompetenceRule, RoutingSimulation, RoutingTable
from crm.routing.queries import RoutingCache, current_table, table_version, version_in_force_from
from crm.routing.rows import rules_of
from crm.routing.rules import WEEKDAYS, Facts, Rule, Table, specificity
from crm.routing.shares import Share, share_of, shares
from crm.routing.simulating import PastCase, Replay, fate
from crm.routing.simulations import SimulationCard, fresh_simulation, one_simulation, simulations_of
from crm.routing.turning import Turn, turns
from crm.routing.wording import problem_sentence, reason_sentence

__all__ = [
    "OUTSIDE",
    "WEEKDAYS",
    "Assignment",
    "Compared",
    "CompetenceRule",
    "Decision",
    "Difference",
    "Facts",
    "Hole",
    "Orphan",
    "PastCase",
    "Problem",
    "Proposal",
    "Reason",
    "Rebased",
    "Replay",
    "RoutingCache",
    "RoutingPublished",
    "RoutingSimulation",
    "RoutingSimulationAsked",
    "RoutingTable",
    "Rule",
    "RuleFilter",
    "RuleLine",
    "Score",
    "Share",
    "SimulationCard",
    "Table",
    "Trouble",
    "Turn",
    "UnitState",
    "VersionCard",
    "add_rule",
    "adopt_rules",
    "ask_simulation",
    "change_rule",
    "changed_fields",
    "check",
    "compare",
    "current_table",
    "decide",
    "differences",
    "drop_draft",
    "end_simulation",
    "entrust_rules",
    "fate",
    "fresh_simulation",
    "holes",
    "in_force",
    "latest_version",
    "learn",
    "load_routing",
    "note_progress",
    "one_rule",
    "one_simulation",
    "one_version",
    "orphans",
    "problem_sentence",
    "publish_draft",
    "reason_sentence",
    "rebased",
    "refresh_draft",
    "remove_rule",
    "rule_total",
    "rules_by_id",
    "rules_numbered",
    "rules_of",
    "rules_page",
    "score",
    "share_of",
    "shares",
    "simulations_of",
    "specificity",
    "start_draft",
    "table_version",
    "tables_compared",
    "troubles",
    "turns",
    "usual_unit",
    "version_in_force_from",
    "versions",
    "withdraw_version",
    "worries",
]
