"""A message was refused for good: the usager is reached by the next way, once; who is on call, by mail."""

from __future__ import annotations

from crm.foundation import UnitOfWork
from crm.notifications import reach_otherwise as reach_by_the_next_way
from crm.promises import mail_instead
from crm.wiring import Wiring
from workers.facts import Fact


def reach_otherwise(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    reach_by_the_next_way(uow, fact.data["interaction_id"])
    mail_instead(uow, fact.data["interaction_id"])
