"""What happens to accounts and organisations, by ids and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationsLoaded(Event):
    """A file of organisations was taken in. `subject_id` is 0: the file holds many."""

    kind: ClassVar[str] = "organizations.loaded"
    subject_kind: ClassVar[str] = "organization"
    organizations: int
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCreated(Event):
    kind: ClassVar[str] = "agent.created"
    subject_kind: ClassVar[str] = "agent"
    roles: str  # comma-separated
    note_id: int | None = None  # why they were given, where it was said


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDisabled(Event):
    kind: ClassVar[str] = "agent.disabled"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLoggedIn(Event):
    kind: ClassVar[str] = "agent.logged_in"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentVouchedFor(Event):
    """An identity provider knows them from now on."""

    kind: ClassVar[str] = "agent.vouched_for"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLoggedOut(Event):
    """Every session of theirs ended."""

    kind: ClassVar[str] = "agent.logged_out"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLogInFailed(Event):
    kind: ClassVar[str] = "agent.log_in_failed"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLocked(Event):
    kind: ClassVar[str] = "agent.locked"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPasswordChanged(Event):
    kind: ClassVar[str] = "agent.password_changed"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAnonymityChanged(Event):
    """Usagers are no longer told their name, or are again."""

    kind: ClassVar[str] = "agent.anonymity_changed"
    subject_kind: ClassVar[str] = "agent"
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPreferencesChanged(Event):
    kind: ClassVar[str] = "agent.preferences_changed"
    subject_kind: ClassVar[str] = "agent"
    what: str  # density, shortcuts or keys
