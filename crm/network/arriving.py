"""A commune comes in by its outline and prepares itself; it goes again when that was a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, cast, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import Case
from crm.foundation import Invalid, NotFound, UnitOfWork, clean
from crm.network.events import CommuneAdded, CommuneTakenBack, site_number
from crm.network.models import JoiningStep
from crm.routing import CompetenceRule
from crm.staff import Grant, Organization, Unit
from crm.territory import (
    Address,
    Commune,
    CommuneJoining,
    Loaded,
    Street,
    communes,
    load_territory,
    remove_commune,
    worst_overlap,
)

Holds = Literal["open", "demands", "agents", "units", "organization", "rules", "addresses"]
_MANY = 100  # addresses: each one that goes is first looked for in every demand
_C = cast(sa.Table, Case.__table__).c


def add_communes(uow: UnitOfWork, path: Path) -> Loaded:
    """Take in outlines. A commune that was not there is offered to nobody until the day decided for it.

    Raises:
        NotAllowed.
        Invalid: `file` → `not_geojson`, `overlap` (`details["overlap"]` says which).
    """
    require(uow.actor, Permission.TERRITORY_LOAD)
    if overlap := worst_overlap(uow.session, path):
        raise Invalid({"file": "overlap"}, overlap=overlap)
    before = {line.insee for line in communes(uow.session)}
    loaded = load_territory(uow, path)
    for line in communes(uow.session, members_only=True):
        if line.insee not in before:
            who = {"decided_at": uow.now, "decided_by": uow.actor.id}
            uow.session.add(CommuneJoining(insee=line.insee, live_on=None, note="", **who))
            uow.record(CommuneAdded(subject_id=site_number(line.insee), insee=line.insee))
    return loaded


def what_holds(session: Session, insee: str) -> list[Holds]:
    """What keeps a commune from being taken back; nothing, when it was added by mistake."""
    row = session.execute(_HELD, {"insee": insee}).one()._mapping
    return [what for what in get_args(Holds) if row[what]]


def take_back(uow: UnitOfWork, insee: str, note: str) -> None:
    """It was added by mistake: its outline, its streets and its steps go.

    Raises:
        NotAllowed, NotFound.
        Invalid: `taking_back` → `required` (a note), `held` (see `what_holds`).
    """
    require(uow.actor, Permission.TERRITORY_LOAD)
    if uow.session.get(Commune, insee, with_for_update=True) is None:  # who writes a demand there waits
        raise NotFound(insee=insee)
    if what_holds(uow.session, insee):
        raise Invalid({"taking_back": "held"})
    if not (said := clean(note)[:500]):
        raise Invalid({"taking_back": "required"})
    for table in (JoiningStep, CommuneJoining):
        uow.session.execute(sa.delete(table).where(table.insee == insee))
    remove_commune(uow, insee)
    uow.record(CommuneTakenBack(subject_id=site_number(insee), insee=insee, note=said))


def _one(entity: Any, *where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(1).select_from(entity.__table__).where(*where))


_INSEE = sa.bindparam("insee", type_=sa.String)
_PREPARING = _one(CommuneJoining, CommuneJoining.insee == _INSEE, CommuneJoining.live_on.is_(None))
_ADDRESSES = (
    sa.select(sa.func.count()).select_from(Address.__table__).where(Address.insee == _INSEE).scalar_subquery()
)
# Taken as outside, a demand there names a street (each address has one) and no commune.
_ITS_STREETS = sa.select(Street.id).where(Street.insee == _INSEE)
_HELD = sa.select(
    (~_PREPARING).label("open"),
    sa.or_(
        _one(Case, _C.insee == _INSEE),
        _one(Case, _C.origin_insee == _INSEE),
        _one(Case, _C.street_id.in_(_ITS_STREETS)),
    ).label("demands"),
    _one(Grant, Grant.insee == _INSEE).label("agents"),
    _one(Unit, Unit.insee == _INSEE).label("units"),
    _one(Organization, Organization.insee == _INSEE).label("organization"),
    _one(CompetenceRule, CompetenceRule.insee == _INSEE).label("rules"),
    (_ADDRESSES > _MANY).label("addresses"),
)
