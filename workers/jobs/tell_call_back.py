"""Tells the usager in writing between which hours they will be called; whoever chose the telephone was told
aloud by the agent who promised it.
"""

from __future__ import annotations

from datetime import datetime

from crm.cases import case_by_id
from crm.contacts import display_phone
from crm.foundation import UnitOfWork
from crm.interactions import one_message, queue_message
from crm.notifications import Day, Hour, Value, compose
from crm.wiring import Wiring
from workers.facts import Fact


def tell_call_back(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    case = case_by_id(uow.session, fact.subject_id)
    since, until = (datetime.fromisoformat(fact.data[name]) for name in ("since", "until"))
    said: dict[str, str | Value] = {
        "call_day": Day(since),
        "call_from": Hour(since),
        "call_until": Hour(until),
        "call_number": display_phone(one_message(uow.session, int(fact.data["interaction_id"])).recipient),
    }
    # Of a restricted demand nothing is written: the call itself is promised, and made.
    message = compose(uow.session, wired.settings.centre, case, "call_back_slot", uow.now, also=said)
    if message is not None:
        queue_message(uow, case, case.id, message)
