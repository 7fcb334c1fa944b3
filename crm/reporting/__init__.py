"""What the house has on its hands, in figures: each one is counted, and opens the list of its cases."""

from crm.reporting.actions import keep_volumes, repair_volumes
from crm.reporting.board import (
    FIGURES,
    FILES,
    Passed,
    Pile,
    Waiting,
    WaitingCase,
    Which,
    waiting,
    waiting_cases,
)
from crm.reporting.by_channel import ChannelDelay, delays_by_channel
from crm.reporting.by_site import FEW, BySite, SiteFigures, figures_by_site
from crm.reporting.calls import EndedCall, calls_ended
from crm.reporting.models import HourlyVolume
from crm.reporting.moments import AGES, Moments, moments
from crm.reporting.past_facts import (
    facts_of_case,
    objects_of_late,
    past_assignments,
    past_cases,
    past_count,
)
from crm.reporting.promises import Unkept, UnkeptPromise, calls_at_risk, receipts_not_sent, unkept
from crm.reporting.rule_quality import DemandOfRule, RuleFigures, demands_of_rule, rule_figures, without_rule
from crm.reporting.volumes import ChannelCount, HourCount, Volumes, volumes

__all__ = [
    "AGES",
    "FEW",
    "FIGURES",
    "FILES",
    "BySite",
    "ChannelCount",
    "ChannelDelay",
    "DemandOfRule",
    "EndedCall",
    "HourCount",
    "HourlyVolume",
    "Moments",
    "Passed",
    "Pile",
    "RuleFigures",
    "SiteFigures",
    "Unkept",
    "UnkeptPromise",
    "Volumes",
    "Waiting",
    "WaitingCase",
    "Which",
    "calls_at_risk",
    "calls_ended",
    "delays_by_channel",
    "demands_of_rule",
    "facts_of_case",
    "figures_by_site",
    "keep_volumes",
    "moments",
    "objects_of_late",
    "past_assignments",
    "past_cases",
    "past_count",
    "receipts_not_sent",
    "repair_volumes",
    "rule_figures",
    "unkept",
    "volumes",
    "waiting",
    "waiting_cases",
    "without_rule",
]
