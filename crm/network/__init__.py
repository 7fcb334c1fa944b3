"""The sites of the network: a commune joins, a unit closes, an agent leaves, and nothing they had is lost."""

from crm.network.arriving import add_communes, take_back, what_holds
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
from crm.network.events import (
    AgentHandedOver,
    CommuneAdded,
    CommuneStepSaid,
    CommuneStepUnsaid,
    CommuneTakenBack,
    GoLiveDecided,
    site_number,
)
from crm.network.joining import (
    COMPULSORY,
    MANUAL,
    STEPS,
    JoiningLine,
    StepLine,
    decide_go_live,
    joining_of,
    joinings,
    say_done,
    unsay_done,
)
from crm.network.leaving import LeftBehind, deactivate_agent, left_behind
from crm.network.models import JoiningStep
from crm.network.sites import Site, sites

__all__ = [
    "COMPULSORY",
    "MANUAL",
    "STEPS",
    "AgentHandedOver",
    "CommuneAdded",
    "CommuneStepSaid",
    "CommuneStepUnsaid",
    "CommuneTakenBack",
    "GoLiveDecided",
    "HandingOver",
    "Holdings",
    "JoiningLine",
    "JoiningStep",
    "LeftBehind",
    "RulesNaming",
    "Site",
    "StepLine",
    "add_communes",
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
    "sites",
    "take_back",
    "unsay_done",
    "waiting_to_go",
    "what_holds",
    "wind_up_unit",
]
