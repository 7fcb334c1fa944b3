"""What happens to second factors, by ids and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorAdded(Event):
    kind: ClassVar[str] = "agent.factor_added"
    subject_kind: ClassVar[str] = "agent"
    factor: str  # application or passkey


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorWithdrawn(Event):
    kind: ClassVar[str] = "agent.factor_withdrawn"
    subject_kind: ClassVar[str] = "agent"
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesMade(Event):
    """Ten new ones; those of before open nothing any more."""

    kind: ClassVar[str] = "agent.recovery_codes_made"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed(Event):
    kind: ClassVar[str] = "agent.recovery_code_used"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorReset(Event):
    """Somebody else took it away: the agent begins again at their next log-in."""

    kind: ClassVar[str] = "agent.second_factor_reset"
    subject_kind: ClassVar[str] = "agent"
    motive: str
