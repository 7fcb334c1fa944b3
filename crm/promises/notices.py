"""What agents are told in the console: written once each, read, and gathered in a mail when they want one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, may_read, require, visible
from crm.cases import Case
from crm.foundation import Actor, UnitOfWork
from crm.promises.choices import choices_of
from crm.promises.models import Notice
from crm.staff import Agent, Grant, actor_of

_N = cast(sa.Table, Notice.__table__).c
_C = cast(sa.Table, Case.__table__).c

# A column of a statement that knows the agent already: the bell of every page costs no other one.
NOTICES_OF_AGENT: sa.Label[int] = (
    sa.select(sa.func.count())
    .where(_N.agent_id == sa.bindparam("agent_id"), _N.read_at.is_(None))
    .scalar_subquery()
    .label("notices")
)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One thing an agent was told."""

    id: int
    kind: str
    at: datetime
    due_at: datetime | None
    read_at: datetime | None
    reference: str | None
    category_code: str | None
    place_label: str
    unit_id: int | None


def tell(
    uow: UnitOfWork, agent_ids: Iterable[int], kind: str, case_id: int, due_at: datetime | None = None
) -> list[int]:
    """Leave word with those of them who want it. Returns whom: their open pages are to be told."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    return _leave_word(uow, able_to_read(uow.session, case_id, agent_ids), kind, case_id, due_at)


def able_to_read(session: Session, case_id: int, agent_ids: Iterable[int]) -> list[int]:
    """Those of them who may be told of a case: all of them, unless its readers are named. When none may, the
    supervisors who do: what few may read is not forgotten for that.
    """
    asked = sorted(set(agent_ids))
    readers = session.scalar(sa.select(_C.readers).where(_C.id == case_id)) if asked else None
    if readers is None:
        return asked
    able = _readers_among(session, readers, asked)
    return able or _readers_among(session, readers, agents_holding(session, "supervisor"))


def _readers_among(session: Session, readers: Sequence[str], agent_ids: Sequence[int]) -> list[int]:
    return [id_ for id_ in agent_ids if (who := actor_of(session, id_)) and may_read(who, readers)]


def _leave_word(
    uow: UnitOfWork, agent_ids: Iterable[int], kind: str, case_id: int, due_at: datetime | None = None
) -> list[int]:
    wanted = [id_ for id_, chosen in choices_of(uow.session, set(agent_ids)).items() if chosen.wants(kind)]
    rows = [
        {"agent_id": id_, "kind": kind, "case_id": case_id, "at": uow.now, "due_at": due_at}
        for id_ in sorted(wanted)
    ]
    if rows:
        uow.session.execute(sa.insert(Notice), rows)
    return sorted(wanted)


def tell_once(uow: UnitOfWork, agent_ids: Iterable[int], kind: str, case_id: int) -> list[int]:
    """The same, to those who were never told that of this case."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    known = sa.select(_N.agent_id).where(_N.case_id == case_id, _N.kind == kind)
    able = set(able_to_read(uow.session, case_id, agent_ids))
    return _leave_word(uow, able - set(uow.session.scalars(known)), kind, case_id)


def settle(uow: UnitOfWork, case_id: int, kinds: Sequence[str]) -> None:
    """Nobody has anything left to do about that: it calls no one from the bell any more."""
    require(uow.actor, Permission.SELF_EDIT)
    done = sa.update(Notice).where(_N.case_id == case_id, _N.kind.in_(kinds), _N.read_at.is_(None))
    uow.session.execute(done.values(read_at=uow.now).execution_options(synchronize_session=False))


def settle_all(uow: UnitOfWork, case_ids: Collection[int], kinds: Sequence[str]) -> None:
    """The same, of many cases."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    done = sa.update(Notice).where(_N.case_id.in_(case_ids), _N.kind.in_(kinds), _N.read_at.is_(None))
    uow.session.execute(done.values(read_at=uow.now).execution_options(synchronize_session=False))


def agents_holding(session: Session, role: str, unit_id: int | None = None) -> list[int]:
    """Who has that role now, in that unit when it is named."""
    query = sa.select(Grant.agent_id).join(Agent, Agent.id == Grant.agent_id)
    query = query.where(Grant.role == role, Agent.is_active)
    if unit_id is not None:
        query = query.where(Grant.unit_id == unit_id)
    return sorted(set(session.scalars(query)))


def notices_page(
    session: Session, actor: Actor, *, before: int | None = None, unread_only: bool = False, limit: int = 50
) -> list[NoticeLine]:
    """One's own, the latest first; of a case that is out of reach by now, nothing but that."""
    require(actor, Permission.SELF_EDIT)
    query = (
        sa.select(
            _N.id, _N.kind, _N.at, _N.due_at, _N.read_at,
            _C.reference, _C.category_code, sa.func.coalesce(_C.place_label, ""), _C.unit_id,
        )
        .select_from(Notice.__table__)
        .outerjoin(Case, sa.and_(_C.id == _N.case_id, visible(actor, Case)))
        .where(_N.agent_id == actor.id)
        .order_by(_N.id.desc())
        .limit(limit)
    )  # fmt: skip
    if before is not None:
        query = query.where(_N.id < before)
    if unread_only:
        query = query.where(_N.read_at.is_(None))
    return [NoticeLine(*row) for row in session.execute(query)]


def unread_count(session: Session, actor: Actor) -> int:
    require(actor, Permission.SELF_EDIT)
    mine = sa.select(sa.func.count()).where(_N.agent_id == actor.id, _N.read_at.is_(None))
    return session.scalar(mine) or 0


def mark_read(uow: UnitOfWork, ids: Sequence[int] | None = None) -> int:
    """One's own: those named, or all of them. Returns how many were not read before."""
    require(uow.actor, Permission.SELF_EDIT)
    mine = sa.update(Notice).where(_N.agent_id == uow.actor.id, _N.read_at.is_(None))
    if ids is not None:
        mine = mine.where(_N.id.in_(ids))
    read = mine.values(read_at=uow.now).returning(_N.id).execution_options(synchronize_session=False)
    return len(uow.session.execute(read).all())
