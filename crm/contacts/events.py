"""What happens to contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCreated(Event):
    kind: ClassVar[str] = "contact.created"
    subject_kind: ClassVar[str] = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEdited(Event):
    """Details were corrected, or ways to reach were added or withdrawn."""

    kind: ClassVar[str] = "contact.edited"
    subject_kind: ClassVar[str] = "contact"
    points_added: int = 0
    points_dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOpenedOutside(Event):
    """An agent opened a sheet outside their perimeter, and said why. Readings within it are no facts: they
    are kept in a log of their own, for a time.
    """

    kind: ClassVar[str] = "contact.opened_outside"
    subject_kind: ClassVar[str] = "contact"
    motive: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFailed(Event):
    """Nothing arrives there any more: the contact must be reached otherwise."""

    kind: ClassVar[str] = "contact.point_failed"
    subject_kind: ClassVar[str] = "contact"
    point_kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointVerified(Event):
    """They showed that it is theirs. `how` is a code: link, reply, identity, paper, call_back."""

    kind: ClassVar[str] = "contact.point_verified"
    subject_kind: ClassVar[str] = "contact"
    point_kind: str
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDoubted(Event):
    """It was said to be verified, and nobody says so any more."""

    kind: ClassVar[str] = "contact.point_doubted"
    subject_kind: ClassVar[str] = "contact"
    point_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsRefused(Event):
    """A number wants no SMS from us. `said_by`: sms, operator, agent or space."""

    kind: ClassVar[str] = "sms.refused"
    subject_kind: ClassVar[str] = "sms_refusal"
    said_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsAccepted(Event):
    """It wants them again."""

    kind: ClassVar[str] = "sms.accepted"
    subject_kind: ClassVar[str] = "sms_refusal"
    said_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportChanged(Event):
    """What they need was said or withdrawn. Which need is not told here: facts are kept for ever."""

    kind: ClassVar[str] = "contact.support_changed"
    subject_kind: ClassVar[str] = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationChanged(Event):
    """Somebody acts for somebody else from now on, or no longer."""

    kind: ClassVar[str] = "contact.relation_changed"
    subject_kind: ClassVar[str] = "contact"
    other_contact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsMerged(Event):
    """A person said that both are one. The subject is the one that stays."""

    kind: ClassVar[str] = "contact.merged"
    subject_kind: ClassVar[str] = "contact"
    merge_id: int
    absorbed_contact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsParted(Event):
    """They were not one after all. The subject is the one that had stayed."""

    kind: ClassVar[str] = "contact.parted"
    subject_kind: ClassVar[str] = "contact"
    merge_id: int
    absorbed_contact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsToldApart(Event):
    """Somebody looked: these two are not the same person."""

    kind: ClassVar[str] = "contact.told_apart"
    subject_kind: ClassVar[str] = "contact"
    other_contact: int
