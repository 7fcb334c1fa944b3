"""Letters printed together: one PDF, one slip; marked as sent together, exactly those, or undone.

A letter of a demand that few may read is theirs alone to print: the others have the batch without it, and
when they say that the batch left, it waits again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import readable_exchanges
from crm.foundation import Actor, Invalid, NotFound, UnitOfWork
from crm.interactions import Exchange, Interaction, SendingState, mark_printed, one_message
from crm.notifications.events import LettersBatched, LettersUnbatched
from crm.notifications.models import BatchedLetter, LetterBatch

MOST_LETTERS = 200
_B = cast(sa.Table, LetterBatch.__table__).c
_L = cast(sa.Table, BatchedLetter.__table__).c
_OPEN = sa.and_(_B.sent_at.is_(None), _B.undone_at.is_(None))
_HELD = sa.select(_L.interaction_id).join(LetterBatch, _B.id == _L.batch_id).where(_OPEN)


@dataclass(frozen=True, slots=True)
class Batch:
    id: int
    made_at: datetime
    agent_id: int | None
    large_print: bool
    sent_at: datetime | None
    undone_at: datetime | None
    count: int

    @property
    def is_open(self) -> bool:
        return self.sent_at is None and self.undone_at is None


def batch_letters(uow: UnitOfWork, ids: Sequence[int], *, large_print: bool = False) -> int:
    """Put letters that wait together, the oldest first. Returns the batch's id.

    Raises:
        Invalid: none of them waits: they were printed, or are in another batch.
    """
    require(uow.actor, Permission.LETTER_PRINT)
    waiting = (
        sa.select(Interaction.id)
        .where(
            Interaction.id.in_(ids[:MOST_LETTERS]),
            Interaction.state == SendingState.TO_PRINT,
            Interaction.id.not_in(_HELD),
            readable_exchanges(uow.actor),
        )
        .order_by(Interaction.created_at, Interaction.id)
        .with_for_update()
    )
    chosen = uow.session.scalars(waiting).all()
    if not chosen:
        raise Invalid({"letter": "required"})
    batch = LetterBatch(made_at=uow.now, agent_id=uow.actor.id, large_print=large_print)
    uow.session.add(batch)
    uow.session.flush()
    for position, interaction_id in enumerate(chosen, 1):
        uow.session.add(BatchedLetter(batch_id=batch.id, position=position, interaction_id=interaction_id))
    uow.session.flush()
    uow.record(LettersBatched(subject_id=batch.id, count=len(chosen)))
    return batch.id


def mark_batch_sent(uow: UnitOfWork, batch_id: int) -> list[int]:
    """The letters of the batch left, those that the actor may read and no other.

    Returns those that had not left yet.

    Raises:
        NotFound: no such batch is open.
    """
    require(uow.actor, Permission.LETTER_PRINT)
    batch = _held(uow, batch_id)
    batch.sent_at = uow.now
    return mark_printed(uow, _ids(uow.session, uow.actor, batch_id))


def undo_batch(uow: UnitOfWork, batch_id: int) -> None:
    """Its letters wait to be printed again.

    Raises:
        NotFound: no such batch is open.
    """
    require(uow.actor, Permission.LETTER_PRINT)
    _held(uow, batch_id).undone_at = uow.now
    uow.record(LettersUnbatched(subject_id=batch_id))


def _held(uow: UnitOfWork, batch_id: int) -> LetterBatch:
    """One click among several: the others find it done."""
    mine = sa.select(_L.batch_id).where(_L.batch_id == _B.id, _read_by(uow.actor)).exists()
    query = sa.select(LetterBatch).where(_B.id == batch_id, _OPEN, mine).with_for_update()
    batch = uow.session.scalars(query).one_or_none()
    if batch is None:
        raise NotFound(batch=batch_id)
    return batch


def _ids(session: Session, actor: Actor, batch_id: int) -> list[int]:
    query = sa.select(_L.interaction_id).where(_L.batch_id == batch_id, _read_by(actor))
    return list(session.scalars(query.order_by(_L.position)))


def _read_by(actor: Actor) -> sa.ColumnElement[bool]:
    mine = sa.select(Interaction.id).where(Interaction.id == _L.interaction_id, readable_exchanges(actor))
    return mine.exists()


def _batches(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """As the actor sees them; one without a letter that they may read is none of theirs."""
    return (
        sa.select(
            _B.id, _B.made_at, _B.agent_id, _B.large_print, _B.sent_at, _B.undone_at,
            sa.func.count(_L.position).label("count"),
        )
        .select_from(LetterBatch.__table__)
        .join(BatchedLetter.__table__, _L.batch_id == _B.id)
        .where(_read_by(actor))
        .group_by(_B.id)
    )  # fmt: skip


def letter_batches(session: Session, actor: Actor, *, limit: int = 20) -> list[Batch]:
    """The latest first; those undone are left out."""
    require(actor, Permission.LETTER_PRINT)
    rows = session.execute(_batches(actor).where(_B.undone_at.is_(None)).order_by(_B.id.desc()).limit(limit))
    return [Batch(**row._asdict()) for row in rows]


def one_batch(session: Session, actor: Actor, batch_id: int) -> Batch:
    """Raises NotFound."""
    require(actor, Permission.LETTER_PRINT)
    row = session.execute(_batches(actor).where(_B.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound(batch=batch_id)
    return Batch(**row._asdict())


def letters_of_batch(session: Session, actor: Actor, batch_id: int) -> list[Exchange]:
    """In the order of the slip, whatever became of them."""
    require(actor, Permission.LETTER_PRINT)
    return [one_message(session, interaction_id) for interaction_id in _ids(session, actor, batch_id)]


def letters_without_batch(session: Session, letters: Collection[Exchange]) -> list[Exchange]:
    """Those that no open batch holds."""
    held = set(session.scalars(_HELD.where(_L.interaction_id.in_([letter.id for letter in letters]))))
    return [letter for letter in letters if letter.id not in held]
