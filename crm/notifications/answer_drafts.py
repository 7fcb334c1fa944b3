"""What agents are writing to a usager, kept on the server: found after a crash, taken over by a colleague.

Each agent has their own draft of a case: two people writing at once overwrite nobody. Taking over copies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import CaseSheet, one_case, undo_act
from crm.foundation import Conflict, Delivery, EventRow, NotFound, UnitOfWork, clean
from crm.notifications.models import AnswerDraft
from crm.staff import agent_names

ANSWER, QUESTION = "answer", "question"
_RIGHT = {ANSWER: Permission.CASE_CLOSE, QUESTION: Permission.CASE_ASK}
_LONGEST, _MOST_FIELDS = 20_000, 30
_SENT_KEPT, _KEPT = timedelta(days=1), timedelta(days=30)
_D = cast(sa.Table, AnswerDraft.__table__).c


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft that was not sent.

    Args:
        words: the form's fields as typed.
        taken_by: the colleague who went on with it; empty when nobody did.
    """

    agent_id: int
    agent: str
    saved_at: datetime
    words: Mapping[str, str]
    taken_by: str
    taken_at: datetime | None


def answer_drafts(session: Session, case_id: int, kind: str = ANSWER) -> list[KeptDraft]:
    """The drafts about a case, the latest first. Two statements, whatever their number."""
    rows = session.execute(
        sa.select(_D.agent_id, _D.saved_at, _D.words, _D.taken_by_id, _D.taken_at)
        .where(_D.case_id == case_id, _D.kind == kind, _D.sent_id.is_(None))
        .order_by(_D.saved_at.desc())
    ).all()
    if not rows:
        return []
    names = agent_names(session, {id_ for row in rows for id_ in (row.agent_id, row.taken_by_id) if id_})
    return [
        KeptDraft(
            agent_id=row.agent_id,
            agent=names.get(row.agent_id, ""),
            saved_at=row.saved_at,
            words=row.words,
            taken_by=names.get(row.taken_by_id, ""),
            taken_at=row.taken_at,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Saved:
    """Args:
    taken_by: who went on with it since it was last saved; told once.
    """

    at: datetime
    taken_by: str


def save_draft(uow: UnitOfWork, reference: str, words: Mapping[str, str], kind: str = ANSWER) -> Saved:
    """Keep the form as it stands."""
    case = _case(uow, reference, kind)
    mine = sa.and_(_D.case_id == case.id, _D.kind == kind, _D.agent_id == uow.actor.id)
    taken_by = uow.session.scalar(sa.select(_D.taken_by_id).where(mine))
    kept = {name: clean(value)[:_LONGEST] for name, value in list(words.items())[:_MOST_FIELDS]}
    _put(uow, case.id, kind, {"words": kept, "saved_at": uow.now, "sent_id": None})
    names = agent_names(uow.session, {taken_by}) if taken_by else {}
    return Saved(uow.now, names.get(taken_by or 0, ""))


def take_over_draft(uow: UnitOfWork, reference: str, agent_id: int) -> None:
    """Go on with what a colleague wrote: their words become ours too; they are told.

    Raises:
        NotFound: no such draft.
    """
    case = _case(uow, reference, ANSWER)
    theirs = sa.and_(_D.case_id == case.id, _D.kind == ANSWER, _D.agent_id == agent_id, _D.sent_id.is_(None))
    taken = uow.session.execute(
        sa.update(AnswerDraft)
        .where(theirs, _D.agent_id != uow.actor.id)
        .values(taken_by_id=uow.actor.id, taken_at=uow.now)
        .returning(_D.words)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        raise NotFound(draft=agent_id)
    _put(uow, case.id, ANSWER, {"words": taken.words, "saved_at": uow.now, "sent_id": None})


def drop_draft(uow: UnitOfWork, reference: str) -> None:
    """Begin again from the unit's report."""
    case = _case(uow, reference, ANSWER)
    mine = sa.and_(_D.case_id == case.id, _D.kind == ANSWER, _D.agent_id == uow.actor.id)
    uow.session.execute(sa.delete(AnswerDraft).where(mine))


def note_sent(
    uow: UnitOfWork, reference: str, words: Mapping[str, str], interaction_id: int, kind: str
) -> None:
    """What was typed stays a moment behind the message that left with it, in case it is taken back."""
    case = _case(uow, reference, kind)
    kept = {"words": dict(words), "saved_at": uow.now, "sent_id": interaction_id}
    _put(uow, case.id, kind, kept)


def take_back(uow: UnitOfWork, reference: str, interaction_id: int) -> str:
    """Take back a message held a few seconds: the case where it was, the words a draft again.

    Returns the verb undone.

    Raises:
        NotFound, NotAllowed: not a message of the actor's.
        Conflict: it left, or the case has moved on.
    """
    undone = undo_act(uow, reference, interaction_id)
    _hold_back(uow, undone.case_id, undone.at)
    sent = sa.and_(_D.case_id == undone.case_id, _D.sent_id == interaction_id)
    uow.session.execute(sa.update(AnswerDraft).where(sent).values(sent_id=None, taken_by_id=None))
    return undone.verb


def _hold_back(uow: UnitOfWork, case_id: int, at: datetime) -> None:
    """All that was to follow from the act; when some of it has begun, nothing is undone."""
    of_the_act = sa.select(EventRow.id).where(
        EventRow.subject_kind == "case",
        EventRow.subject_id == case_id,
        EventRow.at == at,
        EventRow.actor_id == uow.actor.id,
    )
    pending = uow.session.execute(
        sa.select(Delivery.id, Delivery.attempts)
        .where(Delivery.event_id.in_(of_the_act), Delivery.done_at.is_(None))
        .with_for_update()
    ).all()
    if any(row.attempts for row in pending):
        raise Conflict(why="left")
    ids = [row.id for row in pending]
    done = sa.update(Delivery).where(Delivery.id.in_(ids)).values(done_at=uow.now, last_error="taken_back")
    uow.session.execute(done.execution_options(synchronize_session=False))


def prune_drafts(uow: UnitOfWork) -> int:
    """Forget what was sent yesterday and what nobody went on with for a month. Returns how many."""
    require(uow.actor, Permission.MESSAGE_SEND)
    old = sa.or_(
        _D.saved_at < uow.now - _KEPT,
        sa.and_(_D.sent_id.is_not(None), _D.saved_at < uow.now - _SENT_KEPT),
    )
    return len(uow.session.execute(sa.delete(AnswerDraft).where(old).returning(_D.case_id)).all())


def _case(uow: UnitOfWork, reference: str, kind: str) -> CaseSheet:
    case = one_case(uow.session, uow.actor, reference)
    require(uow.actor, _RIGHT[kind], case)
    return case


def _put(uow: UnitOfWork, case_id: int, kind: str, values: Mapping[str, object]) -> None:
    key = {"case_id": case_id, "kind": kind, "agent_id": uow.actor.id}
    row = {**values, "taken_by_id": None, "taken_at": None}
    statement = insert(AnswerDraft).values(**key, **row)
    uow.session.execute(
        statement.on_conflict_do_update(index_elements=["case_id", "kind", "agent_id"], set_=row)
    )
