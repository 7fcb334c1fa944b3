"""What the programme does not tell the usager of a demand that few may read, and who tells it instead."""

from __future__ import annotations

from collections.abc import Sequence

from crm.access import UNTOLD, Permission, require
from crm.cases import BY_LAW, CaseSheet
from crm.foundation import UnitOfWork
from crm.interactions import Message, ask_to_reach, one_message, queue_message
from crm.notifications.wording import HELD_BACK


def may_leave(case: CaseSheet, kind: str) -> bool:
    """May the programme write that by itself? Of a restricted demand, what the law demands; where the usager
    would be in danger, nothing.
    """
    if case.readers is None:
        return True
    return kind in BY_LAW and UNTOLD not in case.readers


def have_it_said(uow: UnitOfWork, case: CaseSheet, call: Message | None) -> int | None:
    """A call to make, which those who read the demand find in their list. Returns its id.

    Args:
        call: what would be said, by telephone; without a number, they find a way first.
    """
    require(uow.actor, Permission.MESSAGE_SEND)
    if call is None or not call.body:
        return None
    if call.recipient:
        return queue_message(uow, case, case.id, call)
    return ask_to_reach(uow, case.id, f"{HELD_BACK}\n\n{call.body}", contact_id=case.contact_id)


def have_said_what_was_held(uow: UnitOfWork, case: CaseSheet, interaction_ids: Sequence[int]) -> list[int]:
    """Messages to the usager that a restriction cancelled before they left, each to be told them."""
    require(uow.actor, Permission.MESSAGE_SEND)
    held = [one_message(uow.session, id_) for id_ in interaction_ids]
    return [
        ask_to_reach(uow, case.id, f"{HELD_BACK}\n\n{one.body}", contact_id=one.contact_id)
        for one in held
        if one.watcher_id is None
    ]
