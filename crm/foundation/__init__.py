"""The ground: clock, database, settings, errors, events, unit of work; no word of the domain."""

from crm.foundation.actor import RESIDENT, SYSTEM, Actor
from crm.foundation.clock import PARIS, Clock, FrozenClock, SystemClock
from crm.foundation.database import Base, Sessions, open_engine, session_factory
from crm.foundation.errors import (
    Conflict,
    CrmError,
    IllegalStep,
    Invalid,
    NotAllowed,
    NotFound,
    Unavailable,
)
from crm.foundation.events import Delivery, Event, EventRow
from crm.foundation.folding import clean, fold
from crm.foundation.logs import configure_logs, where
from crm.foundation.settings import ROOT, Settings, SettingsError
from crm.foundation.signing import LinkSigner
from crm.foundation.translated import by_language, with_translation
from crm.foundation.typography import typo
from crm.foundation.unit_of_work import WAKE_CHANNEL, Reactions, UnitOfWork, Units

__all__ = [
    "PARIS",
    "RESIDENT",
    "ROOT",
    "SYSTEM",
    "WAKE_CHANNEL",
    "Actor",
    "Base",
    "Clock",
    "Conflict",
    "CrmError",
    "Delivery",
    "Event",
    "EventRow",
    "FrozenClock",
    "IllegalStep",
    "Invalid",
    "LinkSigner",
    "NotAllowed",
    "NotFound",
    "Reactions",
    "Sessions",
    "Settings",
    "SettingsError",
    "SystemClock",
    "Unavailable",
    "UnitOfWork",
    "Units",
    "by_language",
    "clean",
    "configure_logs",
    "fold",
    "open_engine",
    "session_factory",
    "typo",
    "where",
    "with_translation",
]
