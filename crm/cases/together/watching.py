"""The rows of those who follow a case: written by the actions that hold it, read by screens and jobs."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm.access import visible
from crm.cases.models import Case, Watcher
from crm.cases.together.following_events import CaseParted, CaseUnmerged, IncidentSuspected
from crm.cases.together.models import Incident
from crm.foundation import Actor, NotFound, UnitOfWork

MANY = 5
IN_LITTLE_TIME = timedelta(minutes=60)
_TOKEN_BYTES = 24  # 192 bits, as for a case's own link
_C = cast(sa.Table, Case.__table__)
_W = cast(sa.Table, Watcher.__table__)
_I = cast(sa.Table, Incident.__table__)
_STILL = _W.c.left_at.is_(None)


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who follows a case."""

    id: int
    case_id: int
    contact_id: int | None
    token: str
    channel: str
    answer_channel: str
    since: datetime
    left_at: datetime | None
    came_from_id: int | None
    is_requester: bool


_ROW = sa.select(*(_W.c[name] for name in Follower.__dataclass_fields__))


def followers(session: Session, case_id: int, *, told_only: bool = False) -> list[Follower]:
    """Who follows now, the first to come first.

    Args:
        told_only: those who left a way to be told.
    """
    query = _ROW.where(_W.c.case_id == case_id, _STILL)
    if told_only:
        query = query.where(_W.c.answer_channel != "none")
    return [Follower(*row) for row in session.execute(query.order_by(_W.c.id))]


def follower_by_token(session: Session, token: str) -> Follower:
    """Whose link it is, even if they left. Raises NotFound."""
    return _one(session, _W.c.token == token)


def follower_by_id(session: Session, watcher_id: int) -> Follower:
    """Raises NotFound."""
    return _one(session, _W.c.id == watcher_id)


def _one(session: Session, condition: sa.ColumnElement[bool]) -> Follower:
    row = session.execute(_ROW.where(condition)).one_or_none()
    if row is None:
        raise NotFound()
    return Follower(*row)


def followers_from(session: Session, duplicate_id: int) -> list[Follower]:
    """Those who came with a demand that was merged."""
    query = _ROW.where(_W.c.came_from_id == duplicate_id, _STILL)
    return [Follower(*row) for row in session.execute(query.order_by(_W.c.id))]


def followed_cases(session: Session, watcher_ids: Collection[int]) -> dict[int, int]:
    """Watcher → case, in one statement at most."""
    if not watcher_ids:
        return {}
    rows = session.execute(sa.select(_W.c.id, _W.c.case_id).where(_W.c.id.in_(watcher_ids)))
    return {row.id: row.case_id for row in rows}


_ADD = postgresql.insert(_W).on_conflict_do_nothing().returning(_W.c.id, _W.c.token)


def add_follower(uow: UnitOfWork, case_id: int, **columns: object) -> tuple[int, str] | None:
    """Id and token of the new follower; None when this form or this usager already follows."""
    row = {
        "case_id": case_id,
        "token": secrets.token_urlsafe(_TOKEN_BYTES),
        "since": uow.now,
        "agent_id": uow.actor.id if uow.actor.kind == "agent" else None,
        "organization_id": uow.actor.organization_id,
        **columns,
    }
    made = uow.session.execute(_ADD, row).one_or_none()
    if made is None:
        return None
    count_again(uow, case_id)
    return made.id, made.token


def count_again(uow: UnitOfWork, case_id: int) -> None:
    """The number shown in lists. The case's version stays: nobody’s open page is made void by a follower."""
    how_many = sa.select(sa.func.count()).where(_W.c.case_id == case_id, _STILL).scalar_subquery()
    uow.session.execute(sa.update(_C).where(_C.c.id == case_id).values(follower_count=how_many))


def move_followers(uow: UnitOfWork, duplicate_id: int, original_id: int) -> None:
    """Those of a merged case go with it, but for whoever follows the other already."""
    there = sa.select(_W.c.contact_id).where(
        _W.c.case_id == original_id, _STILL, _W.c.contact_id.is_not(None)
    )
    uow.session.execute(
        sa.update(_W)
        .where(_W.c.case_id == duplicate_id, _STILL, sa.func.coalesce(_W.c.contact_id, 0).not_in(there))
        .values(case_id=original_id, came_from_id=duplicate_id)
    )
    count_again(uow, duplicate_id)
    count_again(uow, original_id)


def part(uow: UnitOfWork, case: Case) -> None:
    """Undo the merging of a case that the caller holds: its people are its own again."""
    original_id = case.duplicate_of_id
    if original_id is None:
        return
    case.duplicate_of_id = None
    uow.session.flush()
    came = _W.c.came_from_id == case.id
    uow.session.execute(sa.update(_W).where(came, _W.c.is_requester, _STILL).values(left_at=uow.now))
    uow.session.execute(
        sa.update(_W).where(came, ~_W.c.is_requester).values(case_id=case.id, came_from_id=None)
    )
    count_again(uow, original_id)
    count_again(uow, case.id)
    reference = uow.session.scalar(sa.select(_C.c.reference).where(_C.c.id == original_id)) or ""
    uow.record(CaseUnmerged(subject_id=case.id, original_id=original_id, reference=reference))
    uow.record(CaseParted(subject_id=original_id, duplicate_id=case.id, reference=case.reference))


def suspect_incident(uow: UnitOfWork, case_id: int) -> None:
    """MANY came in little time: an incident is proposed to a supervisor, unless there is one."""
    since = uow.now - IN_LITTLE_TIME
    lately = sa.select(sa.func.count()).where(_W.c.case_id == case_id, _STILL, _W.c.since > since)
    how_many = uow.session.scalar(lately) or 0
    if how_many < MANY:
        return
    insert = postgresql.insert(_I).on_conflict_do_nothing().returning(_I.c.id)
    if uow.session.scalar(insert, {"case_id": case_id, "suspected_at": uow.now}) is not None:
        uow.record(IncidentSuspected(subject_id=case_id, how_many=how_many))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A demand that was merged into another."""

    reference: str
    received_at: datetime
    channel: str


def duplicates_of(session: Session, actor: Actor, case_id: int) -> list[Duplicate]:
    """Within the actor's reach, the first to come first."""
    c = _C.c
    query = sa.select(c.reference, c.received_at, c.channel).where(
        c.duplicate_of_id == case_id, visible(actor, cast(Any, c))
    )
    return [Duplicate(*row) for row in session.execute(query.order_by(c.id))]
