"""Messages held a few seconds, so that their author may take them back."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import Permission, Reach, require
from crm.foundation import UnitOfWork
from crm.interactions.events import MessageCancelled
from crm.interactions.models import NOT_LEFT, Interaction, SendingState


def cancel_held(
    uow: UnitOfWork, reach: Reach, case_id: int, message_id: int, *, words_id: int | None = None
) -> bool:
    """Take back a message that nobody has begun to send. False when it is too late.

    Whoever sends notes the try first, on the same row: one of the two finds that the other was there.

    Args:
        words_id: what others were to be told with it.
    """
    require(uow.actor, Permission.CASE_ASK, reach)
    taken = uow.session.execute(
        sa.update(Interaction)
        .where(
            Interaction.id == message_id,
            Interaction.case_id == case_id,
            Interaction.state.in_(NOT_LEFT),
            Interaction.tries == 0,
            Interaction.held_until > uow.now,
        )
        .values(state=SendingState.CANCELLED)
        .returning(Interaction.channel, Interaction.kind)
        .execution_options(synchronize_session=False)
    ).one_or_none()
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
