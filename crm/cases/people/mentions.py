"""Words among us that are meant for somebody: « @Karim Belkacem », « @Voirie »; and who follows a case.

Whoever cannot read the case is never told of it: they are not proposed, and naming them does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from crm.access import Permission, Reach, allows, require, visible
from crm.cases.actions.loading import hold
from crm.cases.models import Case
from crm.cases.people.events import CaseUnwatched, CaseWatched, ColleaguesTold
from crm.cases.people.models import CaseWatch, Mention
from crm.foundation import Actor, UnitOfWork, fold
from crm.interactions import Interaction, add_note
from crm.staff import colleagues, units

_C: Any = cast(sa.Table, Case.__table__).c
_M, _W = (cast(sa.Table, entity.__table__).c for entity in (Mention, CaseWatch))
_I = cast(sa.Table, Interaction.__table__).c
_MOST = 100
_TITLE = 140
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Addressee:
    """A name that a note may hold after « @ », and the agents it reaches."""

    name: str
    detail: str
    agent_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """`told`: whom the note names, as it was understood."""

    interaction_id: int
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MentionLine:
    id: int
    reference: str
    words: str
    by_id: int | None
    at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class WatchedCase:
    """`is_new`: something happened since the agent last said that they had seen it."""

    reference: str
    title: str
    state: str
    updated_at: datetime
    is_new: bool


def addressees(session: Session, case: Reach, but: int | None = None) -> list[Addressee]:
    """Agents and services of those who may read this case: two statements, whatever the number."""
    able = [one for one in colleagues(session) if one.actor.id != but and _reads(one.actor, case)]
    people = [Addressee(one.name, one.organization, (one.actor.id or 0,)) for one in able]
    teams = []
    for unit in units(session):
        members = tuple(one.actor.id or 0 for one in able if unit.id in one.actor.unit_ids)
        if unit.is_active and members:
            teams.append(Addressee(unit.name, unit.organization_name, members))
    return people + teams


def _reads(actor: Actor, case: Reach) -> bool:
    return allows(actor, Permission.CASE_VIEW, case)


def named_in(text: str, known: list[Addressee]) -> list[Addressee]:
    """Whom a text names after « @ », accents and capitals apart; a longer name wins over its beginning.

    Two colleagues of the same name are both told: a note too many does less harm than one too few.
    """
    pieces = [f"{_plain(piece)} " for piece in text.split("@")[1:]]
    found: list[Addressee] = []
    for piece in pieces:
        fitting = [one for one in known if piece.startswith(f"{_plain(one.name)} ")]
        longest = max((len(one.name) for one in fitting), default=0)
        found += [one for one in fitting if len(one.name) == longest and one not in found]
    return found


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def note_to(uow: UnitOfWork, reference: str, text: str) -> Noted:
    """A note among us; whoever it names finds it among theirs.

    Raises:
        Invalid: nothing was written.
    """
    case = hold(uow, reference, Permission.CASE_NOTE)
    note_id = add_note(uow, case, case.id, text)
    told = named_in(text, addressees(uow.session, case, but=uow.actor.id)) if "@" in text else []
    ids = {agent_id for one in told for agent_id in one.agent_ids}
    if ids:
        _mention(uow, case.id, note_id, ids, uow.actor.id)
        uow.record(ColleaguesTold(subject_id=case.id, interaction_id=note_id, how_many=len(ids)))
    return Noted(note_id, tuple(one.name for one in told))


def meant_for(uow: UnitOfWork, case_id: int, interaction_id: int, agent_ids: Collection[int]) -> None:
    """What somebody else wrote is for them to read: the answer to what they asked."""
    require(uow.actor, Permission.MESSAGE_SEND)
    if agent_ids:
        _mention(uow, case_id, interaction_id, agent_ids, None)


def _mention(
    uow: UnitOfWork, case_id: int, interaction_id: int, agent_ids: Collection[int], by_id: int | None
) -> None:
    told = {"case_id": case_id, "interaction_id": interaction_id, "by_id": by_id, "at": uow.now}
    rows = [{**told, "agent_id": id_} for id_ in sorted(agent_ids)]
    uow.session.execute(insert(Mention).values(rows))


def watch_case(uow: UnitOfWork, reference: str) -> None:
    """The agent follows it from now on. Twice is once."""
    case = hold(uow, reference, Permission.CASE_VIEW)
    row = {"case_id": case.id, "agent_id": uow.actor.id, "since": uow.now, "seen_at": uow.now}
    new = uow.session.execute(insert(CaseWatch).values(row).on_conflict_do_nothing().returning(_W.case_id))
    if new.one_or_none() is not None:
        uow.record(CaseWatched(subject_id=case.id))


def unwatch_case(uow: UnitOfWork, reference: str) -> None:
    case = hold(uow, reference, Permission.CASE_VIEW)
    gone = sa.delete(CaseWatch).where(_W.case_id == case.id, _W.agent_id == uow.actor.id)
    if uow.session.execute(gone.returning(_W.case_id)).one_or_none() is not None:
        uow.record(CaseUnwatched(subject_id=case.id))


def seen_by_me(uow: UnitOfWork, last_id: int, shown_at: datetime) -> None:
    """All that was for the agent has been seen, but what came since the page was made. It is no fact about a
    case: none is kept.

    Args:
        last_id: of the latest mention shown; 0 when there was none.
        shown_at: when the page was made.
    """
    require(uow.actor, Permission.CASE_VIEW)
    mine = sa.update(Mention).where(_M.agent_id == uow.actor.id, _M.seen_at.is_(None), _M.id <= last_id)
    watched = sa.update(CaseWatch).where(_W.agent_id == uow.actor.id, _W.seen_at < shown_at)
    for statement, at in ((mine, uow.now), (watched, min(shown_at, uow.now))):
        uow.session.execute(statement.values(seen_at=at).execution_options(synchronize_session=False))


def is_watched(session: Session, case_id: int, agent_id: int) -> bool:
    query = sa.select(sa.literal(True)).where(_W.case_id == case_id, _W.agent_id == agent_id)
    return bool(session.scalar(query))


def mentions_of(session: Session, actor: Actor, limit: int = _MOST) -> list[MentionLine]:
    """The latest first, of cases that the agent can still read."""
    query = (
        sa.select(_M.id, _C.reference, _I.body, _M.by_id, _M.at, _M.seen_at)
        .join_from(Mention.__table__, Case.__table__, _C.id == _M.case_id)
        .join(Interaction.__table__, _I.id == _M.interaction_id)
        .where(_M.agent_id == actor.id, visible(actor, _C))
    )
    return [MentionLine(*row) for row in session.execute(query.order_by(_M.id.desc()).limit(limit))]


def watched_by(session: Session, actor: Actor, limit: int = _MOST) -> list[WatchedCase]:
    """Those where something happened first."""
    is_new = (_C.updated_at > _W.seen_at).label("is_new")
    query = (
        sa.select(_C.reference, sa.func.left(_C.object, _TITLE), _C.state, _C.updated_at, is_new)
        .join_from(CaseWatch.__table__, Case.__table__, _C.id == _W.case_id)
        .where(_W.agent_id == actor.id, visible(actor, _C))
    )
    rows = session.execute(query.order_by(is_new.desc(), _C.updated_at.desc()).limit(limit))
    return [WatchedCase(*row) for row in rows]


# A column of the statement that knows the agent already: no page pays another one for it.
UNSEEN_MENTIONS: sa.Label[int] = (
    sa.select(sa.func.count())
    .where(_M.agent_id == sa.bindparam("agent_id"), _M.seen_at.is_(None))
    .scalar_subquery()
    .label("mentions")
)
