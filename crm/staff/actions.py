"""What is done to accounts and organisations, and the way in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from crm.access import AGENT_ROLES, Permission, require
from crm.foundation import Invalid, NotFound, UnitOfWork, clean
from crm.staff.admins import keep_an_admin
from crm.staff.events import (
    AgentCreated,
    AgentDisabled,
    OrganizationsLoaded,
)
from crm.staff.factors import second_due
from crm.staff.gathering import gathered
from crm.staff.invitations import end_links
from crm.staff.models import Agent, Grant, Organization, Unit
from crm.staff.organization_file import OrganizationEntry, UnitEntry, read_organizations
from crm.staff.passwords import check_password, hash_password, is_outdated, is_right
from crm.staff.role_notes import keep_note
from crm.staff.trying import LoggedIn, count_failure, is_locked, let_in

_UNIT_ROLES = frozenset({"team_lead", "field_agent"})
_DESK_ROLES = frozenset({"desk_agent"})


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A role, with the unit (team lead, field agent) or the commune (desk agent) where it holds."""

    role: str
    unit_code: str | None = None
    insee: str | None = None


def authenticate(uow: UnitOfWork, email: str, password: str, bound: Collection[str] = ()) -> LoggedIn | None:
    """Let an agent in; None otherwise, whether unknown, wrong, disabled or locked: nobody learns which.

    The password is checked before anything else, always, so the time taken says nothing either. The row is
    locked after that, for the count alone: a burst of guesses cannot slip between two counts.

    Args:
        bound: roles that must have a second factor besides.
    """
    require(uow.actor, Permission.LOG_IN)
    found = uow.session.execute(
        sa.select(Agent.id, Agent.password_hash).where(Agent.email == clean(email).lower())
    ).one_or_none()
    right = is_right(found.password_hash if found else None, password)
    if found is None:
        return None
    agent = uow.session.get(Agent, found.id, with_for_update=True, populate_existing=True)
    if agent is None or not agent.is_active or is_locked(uow, agent):
        return None
    if not right or agent.password_hash != found.password_hash:
        count_failure(uow, agent)
        return None
    if is_outdated(agent.password_hash):
        agent.password_hash = hash_password(password)
    return let_in(uow, agent, second_due(uow.session, agent.id, bound))


def create_account(
    uow: UnitOfWork,
    *,
    email: str,
    password: str,
    first_name: str,
    last_name: str,
    organization_code: str,
    grants: Sequence[RoleGrant],
    title: str = "",
    unit_code: str | None = None,
    language: str = "fr",
    note: str = "",
) -> int:
    """Open an agent's account and return its id.

    Args:
        note: why these roles, where it is said.

    Raises:
        NotAllowed.
        Invalid: field → `required`, `malformed`, `taken`, `unknown`, `unit_required`, `commune_required`, or
            why the password is weak.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    check_password(password)
    told = gathered(
        email=lambda: free_address(uow.session, email),
        first_name=lambda: required("first_name", first_name),
        last_name=lambda: required("last_name", last_name),
        organization_id=lambda: organization_id_of(uow.session, organization_code),
        unit_id=lambda: unit_id_of(uow.session, unit_code),
        rows=lambda: [grant_row(uow.session, grant) for grant in grants],
    )
    rows: list[Grant] = told.pop("rows")
    agent = Agent(**told, password_hash=hash_password(password), title=clean(title), language=language)
    uow.session.add(agent)
    uow.session.flush()
    for row in rows:
        row.agent_id = agent.id
    uow.session.add_all(rows)
    note_id = keep_note(uow.session, agent.id, note)
    roles = ",".join(sorted({grant.role for grant in grants}))
    uow.record(AgentCreated(subject_id=agent.id, roles=roles, note_id=note_id))
    return agent.id


def disable_account(uow: UnitOfWork, email: str) -> None:
    """Close an account and end its sessions at once; what the agent did stays under their name.

    Raises:
        NotAllowed, NotFound.
        Invalid: `role` → `last_admin`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    query = sa.select(Agent).where(Agent.email == clean(email).lower()).with_for_update()
    agent = uow.session.scalar(query)
    if agent is None:
        raise NotFound()
    if agent.is_active:
        keep_an_admin(uow, agent.id)
        end_links(uow, agent.id)
        agent.is_active = False
        agent.session_epoch += 1
        uow.record(AgentDisabled(subject_id=agent.id))


def load_organizations(
    uow: UnitOfWork, path: Path, commune_names: Mapping[str, str] | None = None
) -> tuple[int, int]:
    """Create or update, by code, the organisations and units of a file; the others stay as they are.

    Args:
        commune_names: INSEE code → name, for the part of the file that repeats for each commune.

    Returns:
        How many organisations and units the file holds.

    Raises:
        NotAllowed.
        Invalid: `problems` names every mistake of the file at once.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    entries = read_organizations(path, commune_names or {})
    organizations = {row.code: row for row in uow.session.scalars(sa.select(Organization))}
    units = {row.code: row for row in uow.session.scalars(sa.select(Unit))}
    for entry in entries:
        organization = organizations.get(entry.code) or Organization(code=entry.code)
        _copy(entry, organization)
        uow.session.add(organization)
        uow.session.flush()
        for unit_entry in entry.unit:
            unit = units.get(unit_entry.code) or Unit(code=unit_entry.code)
            _copy(unit_entry, unit)
            unit.organization_id = organization.id
            uow.session.add(unit)
    uow.session.flush()
    count = sum(len(entry.unit) for entry in entries)
    uow.record(OrganizationsLoaded(subject_id=0, organizations=len(entries), units=count))
    return len(entries), count


def _copy(entry: OrganizationEntry | UnitEntry, row: Organization | Unit) -> None:
    """Of one that is there, what the file does not say stays as it was put on screen: a unit stays closed."""
    there = row.id is not None
    for field, value in entry.model_dump(exclude={"unit", "code"}, exclude_unset=there).items():
        setattr(row, field, value)


def required(field: str, typed: str) -> str:
    if not (name := clean(typed)):
        raise Invalid({field: "required"})
    return name


def free_address(session: Session, typed: str) -> str:
    try:
        address = validate_email(typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Invalid({"email": "malformed"}) from None
    if session.scalar(sa.select(Agent.id).where(Agent.email == address)) is not None:
        raise Invalid({"email": "taken"})
    return address


def organization_id_of(session: Session, code: str) -> int:
    organization_id = session.scalar(sa.select(Organization.id).where(Organization.code == code))
    if organization_id is None:
        raise Invalid({"organization_code": "unknown"})
    return organization_id


def unit_id_of(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    unit_id = session.scalar(sa.select(Unit.id).where(Unit.code == code))
    if unit_id is None:
        raise Invalid({"unit_code": "unknown"})
    return unit_id


def grant_row(session: Session, grant: RoleGrant) -> Grant:
    """The row of a grant that makes sense; `agent_id` is still to be given."""
    if grant.role not in AGENT_ROLES:
        raise Invalid({"role": "unknown"})
    if grant.role in _UNIT_ROLES and grant.unit_code is None:
        raise Invalid({"role": "unit_required"})
    if grant.role in _DESK_ROLES and grant.insee is None:
        raise Invalid({"role": "commune_required"})
    return Grant(role=grant.role, unit_id=unit_id_of(session, grant.unit_code), insee=grant.insee)
