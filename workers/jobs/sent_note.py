"""Notes that one message left: its state, the fact and the delivery, in one statement.

`mark_sent` does the same through three, for any number of messages. This one runs after every single message,
committed before the next leaves, so that a crash repeats at most the one in flight: its cost bounds the rate
at which the house can write to people. A test keeps the fact equal to the one that `mark_sent` records.
"""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.access import Permission, require
from crm.foundation import Delivery, EventRow, UnitOfWork
from crm.interactions import Interaction, MessageSent, SendingState

_MESSAGES = cast(sa.Table, Interaction.__table__)
_EVENTS = cast(sa.Table, EventRow.__table__)
_DELIVERIES = cast(sa.Table, Delivery.__table__)
_TO_SEND = (SendingState.QUEUED.value, SendingState.FAILED.value)


def note_sent(uow: UnitOfWork, interaction_id: int, provider_id: str, delivery_id: int) -> None:
    """A message known as sent, or cancelled meanwhile, stays as it is; the delivery is done either way."""
    require(uow.actor, Permission.MESSAGE_SEND)
    uow.session.execute(
        _NOTE,
        {
            "interaction_id": interaction_id,
            "provider_id": provider_id or None,
            "delivery_id": delivery_id,
            "now": uow.now,
            "actor": uow.actor.kind,
        },
    )


def _statement() -> sa.Update:
    now = sa.bindparam("now", type_=sa.DateTime(timezone=True))
    sent = (
        sa.update(_MESSAGES)
        .where(_MESSAGES.c.id == sa.bindparam("interaction_id"), _MESSAGES.c.state.in_(_TO_SEND))
        .values(
            state=SendingState.SENT.value,
            sent_at=now,
            last_error=None,
            provider_id=sa.bindparam("provider_id", type_=sa.Text()),
        )
        .returning(_MESSAGES.c.id, _MESSAGES.c.case_id, _MESSAGES.c.channel, _MESSAGES.c.kind)
        .cte("sent")
    )
    data = sa.func.jsonb_build_object(
        "interaction_id", sent.c.id, "channel", sent.c.channel, "message_kind", sent.c.kind,
        type_=postgresql.JSONB,
    )  # fmt: skip
    fact = {
        "kind": sa.literal(MessageSent.kind),
        "subject_kind": sa.literal(MessageSent.subject_kind),
        "subject_id": sa.func.coalesce(sent.c.case_id, 0),
        "actor_kind": sa.bindparam("actor", type_=sa.Text()),
        "at": now,
        "data": data,
    }
    kept = sa.insert(_EVENTS).from_select(list(fact), sa.select(*fact.values())).cte("kept")
    done = sa.update(_DELIVERIES).where(_DELIVERIES.c.id == sa.bindparam("delivery_id"))
    return done.values(done_at=now, last_error=None).add_cte(sent, kept)


_NOTE = _statement()
