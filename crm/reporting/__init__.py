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
from crm.reporting.calls import EndedCall, calls_ended
from crm.reporting.models import HourlyVolume
from crm.reporting.moments import AGES, Moments, moments
from crm.reporting.promises import Unkept, UnkeptPromise, calls_at_risk, receipts_not_sent, unkept
from crm.reporting.volumes import ChannelCount, HourCount, Volumes, volumes

__all__ = [
    "AGES",
    "FIGURES",
    "FILES",
    "ChannelCount",
    "EndedCall",
    "HourCount",
    "HourlyVolume",
    "Moments",
    "Passed",
    "Pile",
    "Unkept",
    "UnkeptPromise",
    "Volumes",
    "Waiting",
    "WaitingCase",
    "Which",
    "calls_at_risk",
    "calls_ended",
    "keep_volumes",
    "moments",
    "receipts_not_sent",
    "repair_volumes",
    "unkept",
    "volumes",
    "waiting",
    "waiting_cases",
]
