"""Calls that make no case: each is qualified all the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import Invalid, UnitOfWork, clean
from crm.interactions.events import CallEnded
from crm.interactions.models import Direction, Interaction, SendingState


class CallReason(StrEnum):
    """In the order of their keys on the screen: 1 to 6."""

    INFORMED = "informed"
    FOLLOW_UP = "follow_up"
    ELSEWHERE = "elsewhere"
    WRONG_NUMBER = "wrong_number"
    CUT_OFF = "cut_off"
    ABUSE = "abuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it ends.

    Args:
        said: what the agent had written of it.
        seconds: how long it lasted, when known.
        channel: phone, or phone_relay when a relay service for deaf people spoke for the usager.
        dangers_said, dangers_unsaid: codes of the dangers heard.
    """

    reason: str
    said: str = ""
    contact_id: int | None = None
    category_code: str | None = None
    seconds: int | None = None
    channel: str = "phone"
    dangers_said: tuple[str, ...] = ()
    dangers_unsaid: tuple[str, ...] = ()


def end_call(uow: UnitOfWork, call: Call) -> int:
    """Keep a call without follow-up and its motive. Returns the interaction's id.

    Raises:
        Invalid: no motive, or none of ours.
    """
    require(uow.actor, Permission.CASE_CREATE)
    if call.reason not in {*CallReason}:
        raise Invalid({"reason": "required" if not call.reason else "unknown"})
    row = {
        "contact_id": call.contact_id,
        "direction": Direction.IN,
        "channel": call.channel,
        "kind": "call",
        "body": clean(call.said),
        "state": SendingState.RECEIVED,
        "occurred_at": uow.now,
        "created_at": uow.now,
        "agent_id": uow.actor.id,
        "organization_id": uow.actor.organization_id,
        "reason": call.reason,
        "category_code": call.category_code,
        "seconds": call.seconds,
    }
    call_id = int(
        uow.session.execute(sa.insert(Interaction).values(row).returning(Interaction.id)).scalar_one()
    )
    uow.record(
        CallEnded(
            subject_id=call_id,
            reason=call.reason,
            category=call.category_code,
            seconds=call.seconds,
            dangers_said=call.dangers_said,
            dangers_unsaid=call.dangers_unsaid,
        )
    )
    return call_id
