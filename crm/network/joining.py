"""A commune on its way in: what the facts say of each step, what a person said, and the day it goes live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import Case
from crm.catalogue import Category, catalogue
from crm.foundation import PARIS, Actor, Invalid, NotFound, UnitOfWork, clean
from crm.network.events import CommuneStepSaid, CommuneStepUnsaid, GoLiveDecided, site_number
from crm.network.models import JoiningStep
from crm.routing import Table, current_table, holes
from crm.staff import Agent, Grant, Organization, Unit
from crm.territory import Address, Commune, CommuneJoining, Street, forget, sectors_by_commune

COMPULSORY = ("ground", "organization", "desk")  # without them nothing can be placed there, nor received
MANUAL = ("templates", "closures", "training")  # nothing but a person can vouch for them
STEPS = (
    "ground", "organization", "desk", "invited", "logged_in", "rules", *MANUAL, "trial", "go_live",
)  # fmt: skip
_M, _A, _S, _C, _O, _U, _G, _P = (
    cast(sa.Table, entity.__table__).c
    for entity in (Commune, Address, Street, Case, Organization, Unit, Grant, Agent)
)


@dataclass(frozen=True, slots=True)
class StepLine:
    """Args:
    counted: what the facts say: how many streets, agents, categories without a rule…
    said_at, said_by: of a step that a person vouches for.
    """

    code: str
    is_done: bool
    counted: Mapping[str, int]
    said_at: datetime | None = None
    said_by: int | None = None


@dataclass(frozen=True, slots=True)
class JoiningLine:
    """A commune and its steps, in the order in which they are taken. `came_alone`: added or decided of on
    screen; the others came with the whole territory and are open without a day."""

    insee: str
    name: str
    steps: tuple[StepLine, ...]
    live_on: date | None
    note: str
    organization_id: int | None
    unit_id: int | None
    came_alone: bool

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def steps_left(self) -> int:
        """Before it goes live."""
        return sum(not step.is_done for step in self.steps if step.code != "go_live")

    @property
    def compulsory_left(self) -> bool:
        return any(not step.is_done for step in self.steps if step.code in COMPULSORY)

    def state(self, today: date) -> str:
        """`live`, `decided` (for a day to come), `preparing`, `undated` (open, since nobody said when)."""
        if self.live_on is None:
            return "preparing" if self.came_alone else "undated"
        return "live" if self.live_on <= today else "decided"


def joinings(
    session: Session, actor: Actor, table: Table, categories: Iterable[Category], now: datetime
) -> list[JoiningLine]:
    """Every commune of the métropole, in the order of its name."""
    require(actor, Permission.STAFF_MANAGE)
    return lines_of_members(session, table, categories, now)


def lines_of_members(
    session: Session, table: Table, categories: Iterable[Category], now: datetime
) -> list[JoiningLine]:
    """The same, for whoever has asked already whether one may."""
    return _lines(session, table, categories, now, _M.is_member)


def joining_of(
    session: Session, actor: Actor, insee: str, table: Table, categories: Iterable[Category], now: datetime
) -> JoiningLine:
    """Raises NotFound: no such commune was loaded."""
    require(actor, Permission.STAFF_MANAGE)
    found = _lines(session, table, categories, now, _M.insee == insee)
    if not found:
        raise NotFound(insee=insee)
    return found[0]


def say_done(uow: UnitOfWork, insee: str, step: str) -> None:
    """Somebody vouches for a step. Said twice, the first time stands.

    Raises:
        NotAllowed, NotFound.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    _known(uow, insee, step)
    row = {"insee": insee, "step": step, "said_at": uow.now, "said_by": uow.actor.id}
    added = insert(JoiningStep).values(row).on_conflict_do_nothing().returning(JoiningStep.step)
    if uow.session.execute(added).first():
        uow.record(CommuneStepSaid(subject_id=site_number(insee), insee=insee, step=step))


def unsay_done(uow: UnitOfWork, insee: str, step: str) -> None:
    """It is not done after all. Raises NotAllowed, NotFound."""
    require(uow.actor, Permission.STAFF_MANAGE)
    _known(uow, insee, step)
    gone = sa.delete(JoiningStep).where(JoiningStep.insee == insee, JoiningStep.step == step)
    if uow.session.execute(gone.returning(JoiningStep.step)).first():
        uow.record(CommuneStepUnsaid(subject_id=site_number(insee), insee=insee, step=step))


def decide_go_live(uow: UnitOfWork, insee: str, live_on: date | None, note: str) -> None:
    """The day from which the commune is offered to everybody; None takes the decision back.

    Raises:
        NotAllowed, NotFound.
        Invalid: `live_on` → `steps_first`: one that prepares itself lacks a compulsory step; `open_already`:
            a day to come would close one whose day has come; `note` → `required`: one may go live
            without the other steps, and says why.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    _known(uow, insee, MANUAL[0])
    if live_on is not None:
        _check_ready(_as_it_stands(uow, insee), live_on, uow.now.astimezone(PARIS).date(), note)
    values = {
        "live_on": live_on,
        "note": clean(note)[:500],
        "decided_at": uow.now,
        "decided_by": uow.actor.id,
    }
    written = insert(CommuneJoining).values({"insee": insee, **values})
    uow.session.execute(written.on_conflict_do_update(index_elements=["insee"], set_=values))
    told = live_on.isoformat() if live_on else ""
    uow.record(GoLiveDecided(subject_id=site_number(insee), insee=insee, live_on=told))
    forget()


def _check_ready(line: JoiningLine, live_on: date, today: date, note: str) -> None:
    if line.state(today) == "live" and live_on > today:
        raise Invalid({"live_on": "open_already"})
    if line.came_alone and line.live_on is None and line.compulsory_left:
        raise Invalid({"live_on": "steps_first"})
    if line.steps_left and not clean(note):
        raise Invalid({"note": "required"})


def _as_it_stands(uow: UnitOfWork, insee: str) -> JoiningLine:
    categories = catalogue(uow.session, uow.now.astimezone(PARIS).date()).categories.values()
    table = current_table(uow.session, uow.now)
    return joining_of(uow.session, uow.actor, insee, table, categories, uow.now)


def _known(uow: UnitOfWork, insee: str, step: str) -> None:
    if step not in MANUAL or uow.session.get(Commune, insee) is None:
        raise NotFound(insee=insee, step=step)


def _lines(
    session: Session,
    table: Table,
    categories: Iterable[Category],
    now: datetime,
    which: sa.ColumnElement[bool],
) -> list[JoiningLine]:
    rows = session.execute(_FACTS.where(which).order_by(_M.name_folded)).all()
    communes = [row.insee for row in rows]
    bare = _without_rule(session, table, list(categories), communes, now)
    said: dict[str, dict[str, tuple[datetime, int | None]]] = {}
    for one in session.scalars(sa.select(JoiningStep).where(JoiningStep.insee.in_(communes))):
        said.setdefault(one.insee, {})[one.step] = (one.said_at, one.said_by)
    return [_line(row, bare[row.insee], said.get(row.insee, {})) for row in rows]


def _line(row: sa.Row[Any], bare: int, said: Mapping[str, tuple[datetime, int | None]]) -> JoiningLine:
    facts: dict[str, tuple[bool, dict[str, int]]] = {
        "ground": (row.has_addresses, {"streets": row.streets}),
        "organization": (row.organization_id is not None, {}),
        "desk": (row.unit_id is not None, {}),
        "invited": (row.agents > 0, {"agents": row.agents}),
        "logged_in": (0 < row.agents == row.came, {"agents": row.agents, "came": row.came}),
        "rules": (not bare, {"categories": bare}),
        **{step: (step in said, {}) for step in MANUAL},
        "trial": (row.tried, {}),
        "go_live": (row.live_on is not None, {}),
    }
    steps = tuple(
        StepLine(code, bool(facts[code][0]), facts[code][1], *said.get(code, (None, None))) for code in STEPS
    )
    return JoiningLine(
        row.insee, row.name, steps, row.live_on, row.note or "", row.organization_id, row.unit_id,
        row.came_alone,
    )  # fmt: skip


def _without_rule(
    session: Session, table: Table, categories: Sequence[Category], communes: Sequence[str], now: datetime
) -> Counter[str]:
    """Commune → how many categories nobody is competent for there, or not always."""
    counted: Counter[str] = Counter(dict.fromkeys(communes, 0))
    for hole in holes(table, categories, communes, now, sectors_by_commune(session)):
        counted.update(hole.communes or communes)
    return counted


def _of_commune(query: sa.Select[Any]) -> Any:
    return query.correlate(Commune.__table__).scalar_subquery()


_DESK_AGENTS = (
    sa.select(sa.func.count(sa.distinct(_P.id)))
    .join_from(Grant.__table__, Agent.__table__, _P.id == _G.agent_id)
    .where(_G.insee == _M.insee, _G.role == "desk_agent", _P.is_active)
)
_FACTS = sa.select(
    _M.insee,
    _M.name,
    _of_commune(sa.select(sa.func.count()).select_from(Street.__table__).where(_S.insee == _M.insee)).label(
        "streets"
    ),
    sa.exists(
        sa.select(1)
        .join_from(Street.__table__, Address.__table__, _A.street_id == _S.id)
        .where(_S.insee == _M.insee)
        .correlate(Commune.__table__)
    ).label("has_addresses"),
    _of_commune(sa.select(sa.func.min(_O.id)).where(_O.insee == _M.insee, _O.kind == "commune")).label(
        "organization_id"
    ),
    _of_commune(sa.select(sa.func.min(_U.id)).where(_U.insee == _M.insee, _U.is_active)).label("unit_id"),
    _of_commune(_DESK_AGENTS).label("agents"),
    _of_commune(_DESK_AGENTS.where(_P.last_login_at.is_not(None))).label("came"),
    sa.or_(
        sa.exists(sa.select(1).where(_C.origin_insee == _M.insee, _C.closed_at.is_(None))),
        sa.exists(  # served by the index of what ended in a commune: a desk tries its own tool at home
            sa.select(1).where(_C.insee == _M.insee, _C.origin_insee == _M.insee, _C.closed_at.is_not(None))
        ),
    ).label("tried"),
    CommuneJoining.live_on,
    CommuneJoining.note,
    CommuneJoining.insee.is_not(None).label("came_alone"),
).join_from(Commune.__table__, CommuneJoining, CommuneJoining.insee == _M.insee, isouter=True)
