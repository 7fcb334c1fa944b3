"""The sites of the network: a commune joins, a unit closes, an agent leaves, and nothing they had is lost."""

from crm.network.closing import (
    HandingOver,
    Holdings,
    RulesNaming,
    hand_over,
    handing_over,
    holdings,
    rules_naming,
    waiting_to_go,
    wind_up_unit,
)
from crm.network.events import AgentHandedOver, CommuneStepSaid, CommuneStepUnsaid, GoLiveDecided
from crm.network.joining import (
    MANUAL,
    STEPS,
    JoiningLine,
    StepLine,
    decide_go_live,
    joining_of,
    joinings,
    say_done,
    site_number,
    unsay_done,
)
from crm.network.leaving import LeftBehind, deactivate_agent, left_behind
from crm.network.models import CommuneJoining, JoiningStep

__all__ = [
    "MANUAL",
    "STEPS",
    "AgentHandedOver",
    "CommuneJoining",
    "CommuneStepSaid",
    "CommuneStepUnsaid",
    "GoLiveDecided",
    "HandingOver",
    "Holdings",
    "JoiningLine",
    "JoiningStep",
    "LeftBehind",
    "RulesNaming",
    "StepLine",
    "deactivate_agent",
    "decide_go_live",
    "hand_over",
    "handing_over",
    "holdings",
    "joining_of",
    "joinings",
    "left_behind",
    "rules_naming",
    "say_done",
    "site_number",
    "unsay_done",
    "waiting_to_go",
    "wind_up_unit",
]
