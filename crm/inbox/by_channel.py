"""The channels that settle what they bring by rules of their own; the others follow those of the mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crm.channels import Understood
from crm.foundation import UnitOfWork
from crm.inbox.calls import settle_call
from crm.inbox.models import Inbound, Outcome
from crm.inbox.sms_matching import settle_sms

Rule = Callable[[UnitOfWork, Inbound, Understood], tuple[Outcome, str | None]]
OWN_RULES: Mapping[str, Rule] = {"phone": settle_call, "sms": settle_sms}
