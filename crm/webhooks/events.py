"""What happens to subscriptions and to what they are told. Codes and ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _SubscriptionEvent(Event):
    subject_kind: ClassVar[str] = "webhook_subscription"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionMade(_SubscriptionEvent):
    kind: ClassVar[str] = "webhook.subscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionChanged(_SubscriptionEvent):
    kind: ClassVar[str] = "webhook.changed"
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRenewed(_SubscriptionEvent):
    kind: ClassVar[str] = "webhook.secret_renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDue(Event):
    """A subscriber is to be told, for the first time or again because somebody asked."""

    kind: ClassVar[str] = "webhook.due"
    subject_kind: ClassVar[str] = "webhook_sending"
    again: bool | None = None
