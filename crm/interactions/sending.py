"""What workers write about messages on their way: many rows a statement, each fact once.

A message is tried in three moments: the try is noted, the channel is called with no transaction open, the
result is noted. Whatever was noted as sent is never given again to be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.interactions.events import MessageRefused, MessageSent
from crm.interactions.given import NotSent, Sent
from crm.interactions.models import TO_SEND, Direction, Interaction, SendingState


@dataclass(frozen=True, slots=True)
class MessageToSend:
    """What a channel needs to carry one message. `message_id` is the same at every try."""

    id: int
    case_id: int | None
    contact_id: int | None
    kind: str
    channel: str
    recipient: str
    subject: str
    body: str
    message_id: str
    tries: int


def begin_sending(uow: UnitOfWork, ids: Sequence[int], *, name: Callable[[int], str]) -> list[MessageToSend]:
    """Note one more try and return what is still to be sent among `ids`, in the order they were queued.

    Args:
        name: makes a Message-ID for a message of ours; it is kept at the first try.
    """
    require(uow.actor, Permission.MESSAGE_SEND)
    given = _given([(one, name(one)) for one in ids])
    rows = uow.session.execute(
        sa.update(Interaction)
        .where(
            Interaction.id == given.c.id,
            Interaction.state.in_(TO_SEND),
            Interaction.direction == Direction.OUT,  # whatever its state says, a note stays among us
        )
        .values(
            tries=Interaction.tries + 1,
            message_id=sa.func.coalesce(Interaction.message_id, given.c.word),
        )
        .returning(
            Interaction.id, Interaction.case_id, Interaction.contact_id, Interaction.kind,
            Interaction.channel, Interaction.recipient, Interaction.subject, Interaction.body,
            Interaction.message_id, Interaction.tries,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return sorted((MessageToSend(**row._asdict()) for row in rows), key=lambda message: message.id)


def mark_sent(uow: UnitOfWork, sent: Sequence[Sent]) -> list[int]:
    """Providers took them. Returns the ids that were not known as sent already."""
    require(uow.actor, Permission.MESSAGE_SEND)
    given = _given([(one.id, one.provider_id) for one in sent])
    rows = uow.session.execute(
        sa.update(Interaction)
        .where(Interaction.id == given.c.id, Interaction.state.in_(TO_SEND))
        .values(
            state=SendingState.SENT,
            sent_at=uow.now,
            last_error=None,
            provider_id=sa.func.nullif(given.c.word, ""),
        )
        .returning(Interaction.id, Interaction.case_id, Interaction.channel, Interaction.kind)
        .execution_options(synchronize_session=False)
    ).all()
    for row in rows:
        uow.record(
            MessageSent(
                subject_id=row.case_id or 0,
                interaction_id=row.id,
                channel=row.channel,
                message_kind=row.kind,
            )
        )
    return sorted(row.id for row in rows)


def mark_failed(uow: UnitOfWork, failed: Sequence[NotSent]) -> list[int]:
    """They did not leave this time and will be tried again. Nothing happened to the case: no fact is kept."""
    require(uow.actor, Permission.MESSAGE_SEND)
    given = _given([(one.id, one.reason) for one in failed])
    rows = uow.session.scalars(
        sa.update(Interaction)
        .where(Interaction.id == given.c.id, Interaction.state.in_(TO_SEND))
        .values(state=SendingState.FAILED, last_error=given.c.word)
        .returning(Interaction.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(rows)


def mark_refused(uow: UnitOfWork, refused: Sequence[NotSent]) -> list[int]:
    """They will never arrive: refused at once, or returned after having been sent. Returns those newly so."""
    require(uow.actor, Permission.MESSAGE_SEND)
    given = _given([(one.id, one.reason) for one in refused])
    rows = uow.session.execute(
        sa.update(Interaction)
        .where(Interaction.id == given.c.id, Interaction.state.in_((*TO_SEND, SendingState.SENT)))
        .values(state=SendingState.REFUSED, last_error=given.c.word)
        .returning(
            Interaction.id, Interaction.case_id, Interaction.channel, Interaction.kind, Interaction.last_error
        )
        .execution_options(synchronize_session=False)
    ).all()
    for row in rows:
        uow.record(
            MessageRefused(
                subject_id=row.case_id or 0,
                interaction_id=row.id,
                channel=row.channel,
                message_kind=row.kind,
                reason=row.last_error or "refused",
            )
        )
    return sorted(row.id for row in rows)


def _given(pairs: Sequence[tuple[int, str]]) -> sa.TableValuedAlias:
    """Ids and words as a table, so that one UPDATE serves them all. The same id twice counts once."""
    once = dict(pairs)
    columns = (sa.column("id", sa.BigInteger), sa.column("word", sa.Text))
    arrays = sa.func.unnest(
        sa.cast(list(once), postgresql.ARRAY(sa.BigInteger)),
        sa.cast(list(once.values()), postgresql.ARRAY(sa.Text)),
    )
    return arrays.table_valued(*columns, name="given").render_derived()
