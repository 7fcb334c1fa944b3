"""What administrators change of people and places. Codes and ids only: names stay in the sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationAdded(Event):
    kind: ClassVar[str] = "organization.added"
    subject_kind: ClassVar[str] = "organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationChanged(Event):
    kind: ClassVar[str] = "organization.changed"
    subject_kind: ClassVar[str] = "organization"
    what: str  # names of the columns, comma-separated


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAdded(Event):
    kind: ClassVar[str] = "unit.added"
    subject_kind: ClassVar[str] = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChanged(Event):
    kind: ClassVar[str] = "unit.changed"
    subject_kind: ClassVar[str] = "unit"
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitClosed(Event):
    """What it had goes to `unit_id`; to nobody when it had nothing."""

    kind: ClassVar[str] = "unit.closed"
    subject_kind: ClassVar[str] = "unit"
    unit_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReopened(Event):
    kind: ClassVar[str] = "unit.reopened"
    subject_kind: ClassVar[str] = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanged(Event):
    kind: ClassVar[str] = "agent.changed"
    subject_kind: ClassVar[str] = "agent"
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentInvited(Event):
    """A link leaves, by which they choose their own password."""

    kind: ClassVar[str] = "agent.invited"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentJoined(Event):
    """They followed it: the password is theirs alone."""

    kind: ClassVar[str] = "agent.joined"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentUnlocked(Event):
    kind: ClassVar[str] = "agent.unlocked"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEnabled(Event):
    kind: ClassVar[str] = "agent.enabled"
    subject_kind: ClassVar[str] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRoleGiven(Event):
    kind: ClassVar[str] = "agent.role_given"
    subject_kind: ClassVar[str] = "agent"
    role: str
    unit_id: int | None = None
    insee: str | None = None
    note_id: int | None = None  # why; None for what was done before it was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRoleTaken(Event):
    kind: ClassVar[str] = "agent.role_taken"
    subject_kind: ClassVar[str] = "agent"
    role: str
    unit_id: int | None = None
    insee: str | None = None
    note_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSkillsChanged(Event):
    kind: ClassVar[str] = "agent.skills_changed"
    subject_kind: ClassVar[str] = "agent"
    skill_ids: str  # all that they have from then on, comma-separated


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillAdded(Event):
    kind: ClassVar[str] = "skill.added"
    subject_kind: ClassVar[str] = "skill"


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillRetired(Event):
    kind: ClassVar[str] = "skill.retired"
    subject_kind: ClassVar[str] = "skill"
