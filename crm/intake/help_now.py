"""« Besoin d'aide maintenant »: an agent on the line calls colleagues to their screen, in one key.

Whoever comes reads the form as it stands, says that they are there, or takes it over. All of it is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import Actor, Conflict, Event, NotFound, UnitOfWork
from crm.intake.drafts import DEMAND, DraftSheet
from crm.intake.models import Draft, HelpCall
from crm.staff import colleagues

_H, _D = (cast(sa.Table, entity.__table__).c for entity in (HelpCall, Draft))
_FORGOTTEN = timedelta(hours=2)  # nobody is still on that line
_COMES = frozenset({"advisor", "supervisor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsked(Event):
    kind: ClassVar[str] = "help.asked"
    subject_kind: ClassVar[str] = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAnswered(Event):
    """A colleague said that they are there."""

    kind: ClassVar[str] = "help.answered"
    subject_kind: ClassVar[str] = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTookOver(Event):
    """A colleague goes on with the form."""

    kind: ClassVar[str] = "help.took_over"
    subject_kind: ClassVar[str] = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEnded(Event):
    kind: ClassVar[str] = "help.ended"
    subject_kind: ClassVar[str] = "help"


@dataclass(frozen=True, slots=True)
class HelpCard:
    id: int
    agent_id: int
    draft_key: str
    asked_at: datetime
    answered_by_id: int | None
    taken_over_at: datetime | None
    ended_at: datetime | None


def ask_help(uow: UnitOfWork, draft_key: str = "") -> int:
    """Call colleagues; asked again while nobody has ended it, it is the same call. Returns its id.

    Args:
        draft_key: the number reserved for the form that is open.
    """
    require(uow.actor, Permission.CASE_CREATE)
    uow.session.execute(
        sa.update(HelpCall)
        .where(_H.agent_id == uow.actor.id, _H.ended_at.is_(None), _H.asked_at < uow.now - _FORGOTTEN)
        .values(ended_at=uow.now)
        .execution_options(synchronize_session=False)
    )
    adding = insert(HelpCall).values(agent_id=uow.actor.id, draft_key=draft_key, asked_at=uow.now)
    again = adding.on_conflict_do_update(
        index_elements=["agent_id"], index_where=_H.ended_at.is_(None), set_={"draft_key": draft_key}
    ).returning(_H.id, _H.asked_at)
    row = uow.session.execute(again).one()
    if row.asked_at == uow.now:
        uow.record(HelpAsked(subject_id=row.id))
    return int(row.id)


def answer_help(uow: UnitOfWork, help_id: int) -> HelpCard:
    """« J'arrive »: whoever asked sees who comes.

    Raises:
        NotFound.
        Conflict: a colleague said it first, or it is over.
    """
    require(uow.actor, Permission.CASE_CREATE)
    row = _hold(uow, help_id)
    if not uow.actor.roles & _COMES:
        raise NotFound(help=help_id)
    if row.answered_by_id not in (None, uow.actor.id) or row.agent_id == uow.actor.id:
        raise Conflict(help=help_id)
    if row.answered_by_id is None:
        row.answered_by_id, row.answered_at = uow.actor.id, uow.now
        uow.record(HelpAnswered(subject_id=help_id))
    return _card(row)


def take_over(uow: UnitOfWork, help_id: int) -> int:
    """Go on with the form in the place of whoever asked. Returns the draft's id.

    Raises:
        NotFound: nothing was typed yet, or it is registered.
        Conflict: a colleague came first, or it is over.
    """
    answer_help(uow, help_id)
    row = _hold(uow, help_id)
    if not row.draft_key:
        raise NotFound(help=help_id)
    theirs = sa.update(Draft).where(_D.agent_id == row.agent_id, _D.kind == DEMAND, _D.key == row.draft_key)
    moved = theirs.values(agent_id=uow.actor.id, version=_D.version + 1, tab="").returning(_D.id)
    draft_id = uow.session.scalar(moved.execution_options(synchronize_session=False))
    if draft_id is None:
        raise NotFound(help=help_id)
    row.taken_over_at = row.ended_at = uow.now
    uow.record(HelpTookOver(subject_id=help_id))
    return int(draft_id)


def end_help(uow: UnitOfWork, help_id: int) -> None:
    """Whoever asked, or came, says that it is settled. Twice is once."""
    require(uow.actor, Permission.CASE_CREATE)
    row = uow.session.get(HelpCall, help_id, with_for_update=True)
    if row is None or uow.actor.id not in (row.agent_id, row.answered_by_id):
        raise NotFound(help=help_id)
    if row.ended_at is None:
        row.ended_at = uow.now
        uow.record(HelpEnded(subject_id=help_id))


def one_help(session: Session, actor: Actor, help_id: int) -> HelpCard:
    """One's own, or another's for whoever may come. Raises NotFound."""
    row = session.get(HelpCall, help_id)
    if row is None or not (row.agent_id == actor.id or actor.roles & _COMES):
        raise NotFound(help=help_id)
    return _card(row)


def help_waiting(session: Session, actor: Actor, now: datetime) -> list[HelpCard]:
    """One's own, and for whoever may come those of others that nobody else has answered; the oldest first."""
    free = sa.or_(_H.answered_by_id.is_(None), _H.answered_by_id == actor.id)
    others = free if actor.roles & _COMES else sa.false()
    query = sa.select(HelpCall).where(
        _H.ended_at.is_(None), _H.asked_at > now - _FORGOTTEN, sa.or_(others, _H.agent_id == actor.id)
    )
    return [_card(row) for row in session.scalars(query.order_by(_H.asked_at))]


def who_may_come(session: Session) -> list[int]:
    """The agents whose screens must know: those of the centre, the one who asks among them."""
    able = (one.actor for one in colleagues(session) if one.actor.roles & _COMES)
    return [actor.id for actor in able if actor.id is not None]


def draft_shown(session: Session, card: HelpCard) -> DraftSheet | None:
    """The form of whoever asks, as it was last kept: read only."""
    if not card.draft_key:
        return None
    row: Any = session.execute(
        sa.select(Draft).where(_D.agent_id == card.agent_id, _D.kind == DEMAND, _D.key == card.draft_key)
    ).scalar_one_or_none()
    if row is None:
        return None
    return DraftSheet(
        row.id,
        row.key,
        row.fields,
        row.contact_id,
        row.saved_at,
        row.version,
        row.interrupted,
        row.callback_id,
    )


def _hold(uow: UnitOfWork, help_id: int) -> HelpCall:
    row = uow.session.get(HelpCall, help_id, with_for_update=True)
    if row is None:
        raise NotFound(help=help_id)
    if row.ended_at is not None:
        raise Conflict(help=help_id)
    return row


def _card(row: HelpCall) -> HelpCard:
    return HelpCard(
        row.id, row.agent_id, row.draft_key, row.asked_at, row.answered_by_id, row.taken_over_at, row.ended_at
    )
