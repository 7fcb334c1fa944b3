"""Messages held a few seconds, so that their author may take them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, Reach, require
from crm.foundation import UnitOfWork
from crm.interactions.events import MessageCancelled
from crm.interactions.models import NOT_LEFT, Interaction, SendingState


@dataclass(frozen=True, slots=True)
class Held:
    id: int
    until: datetime


def last_held(session: Session, case_id: int, agent_id: int | None, now: datetime) -> Held | None:
    """The latest message of a case that this agent may still take back."""
    row = session.execute(
        sa.select(Interaction.id, Interaction.held_until)
        .where(
            Interaction.case_id == case_id,
            Interaction.agent_id == agent_id,
            Interaction.held_until > now,
            Interaction.state.in_(NOT_LEFT),
        )
        .order_by(Interaction.id.desc())
        .limit(1)
    ).one_or_none()
    return Held(row.id, row.held_until) if row else None


def cancel_held(
    uow: UnitOfWork, reach: Reach, case_id: int, message_id: int, *, words_id: int | None = None
) -> bool:
    """Take back a message that nobody has begun to send. False when it is too late.

    Whoever sends notes the try first, on the same row: one of the two finds that the other was there.

    Args:
        words_id: what others were to be told with it.
    """
    require(uow.actor, Permission.CASE_ASK, reach)
    taken = _take(uow, message_id, Interaction.case_id == case_id)
    if taken is None:
        return False
    if words_id is not None:
        words = sa.update(Interaction).where(Interaction.id == words_id, Interaction.case_id == case_id)
        uow.session.execute(words.values(state=SendingState.CANCELLED))
    uow.record(
        MessageCancelled(
            subject_id=case_id, interaction_id=message_id, channel=taken.channel, message_kind=taken.kind
        )
    )
    return True


def cancel_held_answer(uow: UnitOfWork, message_id: int) -> tuple[str, str] | None:
    """The same, of what was answered at once, without a demand. Its subject and its words; None: too late."""
    require(uow.actor, Permission.INBOUND_SORT)
    taken = _take(uow, message_id, Interaction.case_id.is_(None))
    if taken is None:
        return None
    uow.record(
        MessageCancelled(
            subject_id=0, interaction_id=message_id, channel=taken.channel, message_kind=taken.kind
        )
    )
    return taken.subject, taken.body


def _take(uow: UnitOfWork, message_id: int, of: sa.ColumnElement[bool]) -> sa.Row[str, str, str, str] | None:
    taken = (
        sa.update(Interaction)
        .where(
            Interaction.id == message_id,
            of,
            Interaction.state.in_(NOT_LEFT),
            Interaction.tries == 0,
            Interaction.held_until > uow.now,
        )
        .values(state=SendingState.CANCELLED)
        .returning(Interaction.channel, Interaction.kind, Interaction.subject, Interaction.body)
    )
    return uow.session.execute(taken.execution_options(synchronize_session=False)).one_or_none()
