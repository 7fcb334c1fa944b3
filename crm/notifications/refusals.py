"""What was refused for good lately, why, and what was done then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from crm.interactions import Interaction, OtherWay, SendingState


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """Nothing of who it was for, nor of what it said.

    Args:
        then_by: the channel of the next try; empty when there was none.
        then_state: how far that one got.
    """

    id: int
    case_id: int | None
    kind: str
    channel: str
    reason: str
    at: datetime
    then_by: str
    then_state: str


def refused_messages(session: Session, *, limit: int = 100) -> list[RefusedMessage]:
    """The latest first."""
    new = aliased(Interaction)
    refused = Interaction.state == sa.literal(str(SendingState.REFUSED), literal_execute=True)
    query = (
        sa.select(
            Interaction.id,
            Interaction.case_id,
            Interaction.kind,
            Interaction.channel,
            sa.func.coalesce(Interaction.last_error, ""),
            sa.func.coalesce(Interaction.sent_at, Interaction.created_at),
            sa.func.coalesce(new.channel, ""),
            sa.func.coalesce(new.state, ""),
        )
        .outerjoin(OtherWay, OtherWay.refused_id == Interaction.id)
        .outerjoin(new, new.id == OtherWay.message_id)
        .where(refused)
        .order_by(Interaction.id.desc())
        .limit(limit)
    )
    return [RefusedMessage(*row) for row in session.execute(query)]
