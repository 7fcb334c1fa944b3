"""Drafts: what an agent is typing, kept at each pause, found again by that agent and by nobody else.

A draft is no fact of the trail: saved every few seconds, it leaves no event. A call back promised is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import Case
from crm.foundation import CrmError, NotFound, UnitOfWork
from crm.intake.models import Draft
from crm.interactions import attach_call_back, promise_call_back

DEMAND = "demand"
Fields = Mapping[str, list[str]]
_D = cast(sa.Table, Draft.__table__).c


class Overtaken(CrmError):
    """Another page saved the same draft since this one read it. `saved_at` says when."""

    code = "overtaken"


class AlreadySent(CrmError):
    """The form was registered: there is nothing left to keep."""

    code = "already_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form as a page holds it.

    Args:
        key: the number reserved for the demand.
        seen_version: the version of the draft that the page shows; 0 when it was never saved.
        tab: names the open page, so that it never conflicts with itself.
        tab_save: counts its saves: one that arrives late does not undo a later one.
        at_any_price: the agent saw that another page is ahead, and prefers this one.
        interrupted: the call dropped.
    """

    key: str
    fields: Fields
    contact_id: int | None = None
    seen_version: int = 0
    tab: str = ""
    tab_save: int = 0
    at_any_price: bool = False
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    id: int
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class DraftSheet:
    """A draft with all it holds."""

    id: int
    key: str
    fields: Fields
    contact_id: int | None
    saved_at: datetime
    version: int
    interrupted: bool
    callback_id: int | None

    def field(self, name: str) -> str:
        return next(iter(self.fields.get(name, [])), "")


def keep_draft(uow: UnitOfWork, typed: Typed) -> Kept:
    """Save a form as it stands.

    Raises:
        NotAllowed.
        Overtaken: another page saved it since; nothing is written.
        AlreadySent: the demand exists.
    """
    require(uow.actor, Permission.CASE_CREATE)
    return _keep(uow, uow.actor.id or 0, typed)


def keep_before_log_in(uow: UnitOfWork, agent_id: int, typed: Typed) -> Kept:
    """What arrived when the session was over: it waits for the agent for whom the form was opened.

    Only our own signature on the form tells who that is. What they meant to send replaces what was kept.

    Raises:
        AlreadySent: the demand exists.
    """
    require(uow.actor, Permission.LOG_IN)
    return _keep(uow, agent_id, replace(typed, at_any_price=True))


def _keep(uow: UnitOfWork, agent_id: int, typed: Typed) -> Kept:
    row = uow.session.execute(_upsert(uow, agent_id, typed)).one_or_none()
    if row is not None:
        return Kept(row.id, row.version, row.saved_at)
    query = sa.select(_D.id, _D.version, _D.saved_at, _D.tab)
    own = (_D.agent_id == agent_id, _D.kind == DEMAND, _D.key == typed.key)
    found = uow.session.execute(query.where(*own)).one_or_none()
    if found is None:
        raise AlreadySent()
    if not typed.tab or found.tab != typed.tab:
        raise Overtaken(saved_at=found.saved_at)
    return Kept(found.id, found.version, found.saved_at)  # a late arrival of the same page


def _upsert(uow: UnitOfWork, agent_id: int, typed: Typed) -> sa.Executable:
    """One statement, so that two pages cannot slip past each other."""
    row: dict[str, Any] = {
        "agent_id": agent_id,
        "kind": DEMAND,
        "key": typed.key,
        "fields": dict(typed.fields),
        "contact_id": typed.contact_id,
        "created_at": uow.now,
        "saved_at": uow.now,
        "version": 1,
        "tab": typed.tab,
        "tab_save": typed.tab_save,
        "interrupted": typed.interrupted,
    }
    sent = sa.exists().where(Case.reference == typed.key)
    given = sa.select(*(sa.literal(value, _D[name].type) for name, value in row.items())).where(~sent)
    adding = insert(Draft).from_select(list(row), given)
    new = adding.excluded
    ours = sa.and_(_D.tab == new.tab, _D.tab != "", _D.tab_save <= new.tab_save)
    changed = ("fields", "contact_id", "saved_at", "tab", "tab_save", "interrupted")
    return adding.on_conflict_do_update(
        index_elements=["agent_id", "kind", "key"],
        set_={name: new[name] for name in changed} | {"version": _D.version + 1},
        where=sa.or_(sa.literal(typed.at_any_price), _D.version == typed.seen_version, ours),
    ).returning(_D.id, _D.version, _D.saved_at)


def throw_away_draft(uow: UnitOfWork, draft_id: int) -> None:
    """Raises NotFound."""
    require(uow.actor, Permission.CASE_CREATE)
    gone = uow.session.execute(sa.delete(Draft).where(*_own(uow), _D.id == draft_id).returning(_D.id))
    if gone.one_or_none() is None:
        raise NotFound(draft=draft_id)


def call_back_later(uow: UnitOfWork, draft_id: int, number: str, words: str) -> int:
    """The line dropped: somebody will call this number. Asked twice, it is one task. Returns the call's id.

    Args:
        number: E.164.
        words: what whoever calls should know and say.

    Raises:
        NotAllowed, NotFound.
    """
    require(uow.actor, Permission.CALLBACK_DO)
    draft = uow.session.scalar(sa.select(Draft).where(*_own(uow), _D.id == draft_id).with_for_update())
    if draft is None:
        raise NotFound(draft=draft_id)
    if draft.callback_id is None:
        draft.callback_id = promise_call_back(uow, number, words, contact_id=draft.contact_id)
    return draft.callback_id


def draft_became(uow: UnitOfWork, key: str, case_id: int) -> None:
    """The demand is registered: its draft goes, and the call promised about it is the case's."""
    require(uow.actor, Permission.CASE_CREATE)
    for (callback_id,) in uow.session.execute(
        sa.delete(Draft).where(_D.kind == DEMAND, _D.key == key).returning(_D.callback_id)
    ).all():
        if callback_id is not None:
            attach_call_back(uow, callback_id, case_id)


def draft_came_to_nothing(uow: UnitOfWork, key: str) -> None:
    """The call ended without a demand, and its motive is kept: nothing is left to finish."""
    require(uow.actor, Permission.CASE_CREATE)
    uow.session.execute(sa.delete(Draft).where(*_own(uow), _D.key == key))


def give_drafts_to(uow: UnitOfWork, agent_id: int, heir_id: int) -> int:
    """What an agent who leaves was typing waits for a colleague. Returns how many."""
    require(uow.actor, Permission.STAFF_MANAGE)
    theirs = sa.select(_D.key).where(_D.agent_id == heir_id, _D.kind == DEMAND)
    left = (_D.agent_id == agent_id, _D.kind == DEMAND, _D.key.not_in(theirs))
    moved = sa.update(Draft).where(*left).values(agent_id=heir_id).returning(_D.id)
    return len(uow.session.scalars(moved.execution_options(synchronize_session=False)).all())


def forget_old_drafts(uow: UnitOfWork, older_than: timedelta) -> int:
    """Forget what nobody came back to. Returns how many."""
    require(uow.actor, Permission.DELIVERY_MANAGE)
    gone = uow.session.execute(sa.delete(Draft).where(_D.saved_at < uow.now - older_than).returning(_D.id))
    return len(gone.all())


_SHEET = sa.select(
    _D.id, _D.key, _D.fields, _D.contact_id, _D.saved_at, _D.version, _D.interrupted, _D.callback_id
)


def drafts_of(session: Session, agent_id: int, *, limit: int = 100) -> list[DraftSheet]:
    """The agent's drafts, the latest first."""
    query = _SHEET.where(_D.agent_id == agent_id, _D.kind == DEMAND).order_by(
        _D.saved_at.desc(), _D.id.desc()
    )
    return [DraftSheet(**row._asdict()) for row in session.execute(query.limit(limit))]


def one_draft(session: Session, agent_id: int, draft_id: int) -> DraftSheet:
    """Raises NotFound, for another agent's too."""
    row = session.execute(_SHEET.where(_D.agent_id == agent_id, _D.id == draft_id)).one_or_none()
    if row is None:
        raise NotFound(draft=draft_id)
    return DraftSheet(**row._asdict())


def draft_count(session: Session, agent_id: int) -> int:
    query = sa.select(sa.func.count()).where(_D.agent_id == agent_id, _D.kind == DEMAND)
    return session.execute(query).scalar_one()


# A column of a statement that knows the agent already: the lists on the left of every page cost no other one.
DRAFTS_OF_AGENT: sa.Label[int] = (
    sa.select(sa.func.count())
    .where(_D.agent_id == sa.bindparam("agent_id"), _D.kind == DEMAND)
    .scalar_subquery()
    .label("drafts")
)


def _own(uow: UnitOfWork) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return _D.agent_id == uow.actor.id, _D.kind == DEMAND
