"""Organisations and their units, as an administrator writes them on screen."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from crm.access import Permission, require
from crm.foundation import Conflict, Invalid, NotFound, UnitOfWork, clean, fold
from crm.staff.directory_events import (
    OrganizationAdded,
    OrganizationChanged,
    UnitAdded,
    UnitChanged,
    UnitClosed,
    UnitReopened,
)
from crm.staff.models import OPERATIONS, ORGANIZATION_KINDS, Organization, Unit
from crm.trail import last_fact

_INSEE = re.compile(r"\d[\dAB]\d{3}")
_SIRET = re.compile(r"\d{14}")
_MOST_MINUTES = {"weekly_minutes": 60 * 5000, "usual_minutes": 60 * 40}
_FORGOTTEN_IN = timedelta(seconds=30)  # every process has read its units again by then
Row = TypeVar("Row", Organization, Unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reached:
    name: str
    insee: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationTold(_Reached):
    """An organisation as a form holds it. `insee`: of a commune, the one whose town hall it is."""

    kind: str
    siret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTold(_Reached):
    """A unit as a form holds it. `insee`: the commune it belongs to, if it does."""

    operation: str
    organization_id: int
    opening_hours: str = ""
    weekly_minutes: int | None = None
    usual_minutes: int = 60


def save_organization(
    uow: UnitOfWork, told: OrganizationTold, organization_id: int | None = None, *, seen: int = 0
) -> int:
    """Add one, or change it. Returns its id.

    Args:
        seen: the latest fact about it that the form knew.

    Raises:
        NotAllowed, NotFound.
        Conflict: a colleague changed it meanwhile.
        Invalid: field → `required`, `unknown`, `email`, `insee`, `siret`, `taken`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    row = _held(uow, Organization, organization_id, seen) if organization_id is not None else None
    wanted = _cleaned(told)
    if wrong := _wrong_organization(wanted):
        raise Invalid(wrong)
    return _written(uow, Organization, row, {**wanted, "siret": wanted["siret"] or None})


def save_unit(uow: UnitOfWork, told: UnitTold, unit_id: int | None = None, *, seen: int = 0) -> int:
    """Add one, in use at once, or change it. Returns its id.

    Raises:
        NotAllowed, NotFound.
        Conflict: a colleague changed it meanwhile.
        Invalid: field → `required`, `unknown`, `email`, `insee`, `minutes`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    row = _held(uow, Unit, unit_id, seen) if unit_id is not None else None
    wanted = _cleaned(told)
    if wrong := _wrong_unit(uow, wanted, is_active=row is None or row.is_active):
        raise Invalid(wrong)
    return _written(uow, Unit, row, wanted)


def close_unit(uow: UnitOfWork, unit_id: int, *, heir_id: int | None, motive: str) -> None:
    """Nothing is entrusted to it any more. What it still had goes to its heir, behind this act.

    Raises:
        NotAllowed, NotFound.
        Conflict: it is closed already.
        Invalid: no motive; an heir that is itself closed, or the unit itself.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    both = (
        sa.select(Unit).where(Unit.id.in_({unit_id, heir_id or unit_id})).order_by(Unit.id).with_for_update()
    )
    held = {row.id: row for row in uow.session.scalars(both.execution_options(populate_existing=True))}
    if unit_id not in held:
        raise NotFound()
    row = held.pop(unit_id)
    if not row.is_active:
        raise Conflict(unit=unit_id)
    wrong = {} if clean(motive) else {"motive": "required"}
    if heir_id is not None and not (heir_id in held and held[heir_id].is_active):
        wrong["heir_id"] = "unknown"
    if wrong:
        raise Invalid(wrong)
    row.is_active, row.closing_motive, row.heir_id = False, clean(motive), heir_id
    uow.record(UnitClosed(subject_id=unit_id, unit_id=heir_id), due_in=_FORGOTTEN_IN)


def reopen_unit(uow: UnitOfWork, unit_id: int) -> None:
    """It may be entrusted with demands again; what it had stays where it went.

    Raises:
        NotAllowed, NotFound.
        Invalid: nobody says how to reach it (CRPA R112-11-1).
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    row = _held(uow, Unit, unit_id)
    if wrong := {name: "required" for name in ("address", "phone") if not getattr(row, name)}:
        raise Invalid(wrong)
    if not row.is_active:
        row.is_active, row.closing_motive, row.heir_id = True, "", None
        uow.record(UnitReopened(subject_id=unit_id))


def _wrong_organization(told: dict[str, Any]) -> dict[str, str]:
    wrong = _wrong_ways(told)
    if told["kind"] not in ORGANIZATION_KINDS:
        wrong["kind"] = "unknown"
    if told["kind"] == "commune" and not told["insee"]:
        wrong["insee"] = "required"
    if told["siret"] and not _SIRET.fullmatch(told["siret"].replace(" ", "")):
        wrong["siret"] = "siret"
    told["siret"] = told["siret"].replace(" ", "")
    return wrong


def _wrong_unit(uow: UnitOfWork, told: dict[str, Any], *, is_active: bool) -> dict[str, str]:
    wrong = _wrong_ways(told)
    if told["operation"] not in OPERATIONS:
        wrong["operation"] = "unknown"
    if uow.session.get(Organization, told["organization_id"]) is None:
        wrong["organization_id"] = "unknown"
    for name in ("address", "phone") if is_active else ():
        if not told[name]:
            wrong[name] = "required"
    for name, most in _MOST_MINUTES.items():
        if told[name] is not None and not 0 < told[name] <= most:
            wrong[name] = "minutes"
    return wrong


def _wrong_ways(told: dict[str, Any]) -> dict[str, str]:
    """What a name, a commune and a mailbox must be, whatever they are of."""
    wrong = {} if told["name"] else {"name": "required"}
    if told["insee"] and not _INSEE.fullmatch(told["insee"]):
        wrong["insee"] = "unknown"
    if told["email"]:
        try:
            told["email"] = validate_email(told["email"], check_deliverability=False).normalized
        except EmailNotValidError:
            wrong["email"] = "email"
    return wrong


def _held(uow: UnitOfWork, table: type[Row], row_id: int, seen: int | None = None) -> Row:
    row = uow.session.get(table, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    if seen is not None and last_fact(uow.session, _SUBJECT[table], row_id) != seen:
        raise Conflict(seen=seen)
    return row


_SUBJECT: dict[type[Any], str] = {Organization: "organization", Unit: "unit"}
_FACTS: dict[type[Any], Any] = {
    Organization: (OrganizationAdded, OrganizationChanged),
    Unit: (UnitAdded, UnitChanged),
}


def _cleaned(told: _Reached) -> dict[str, Any]:
    return {name: clean(text) if isinstance(text, str) else text for name, text in asdict(told).items()}


def _written(uow: UnitOfWork, table: type[Row], row: Row | None, wanted: dict[str, Any]) -> int:
    """Returns its id."""
    wanted["insee"] = wanted["insee"] or None
    added, corrected = _FACTS[table]
    if row is None:
        row = table(code=_free_code(uow, table, wanted["name"]), **wanted)
        uow.session.add(row)
        uow.session.flush()
        uow.record(added(subject_id=row.id))
    elif changed := _copied(row, wanted):
        uow.record(corrected(subject_id=row.id, what=changed))
    return row.id


def _copied(row: Organization | Unit, wanted: dict[str, Any]) -> str:
    """Returns the names of the columns that changed, comma-separated."""
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    return ",".join(changed)


def _free_code(uow: UnitOfWork, table: type[Organization | Unit], name: str) -> str:
    """« Mairie d’Aubry » → `mairie-d-aubry`, then `mairie-d-aubry-2`: files name it so, for good."""
    wanted = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:40] or "sans-nom"
    taken = set(uow.session.scalars(sa.select(table.code).where(table.code.startswith(wanted))))
    return next(
        code for n in range(1, len(taken) + 2) if (code := f"{wanted}-{n}" if n > 1 else wanted) not in taken
    )
