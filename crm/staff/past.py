"""Services that another tool had: kept so that its cases stay theirs, never proposed for a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.staff.events import OrganizationsLoaded
from crm.staff.models import Organization, Unit


@dataclass(frozen=True, slots=True)
class PastOrganization:
    code: str
    name: str
    kind: str


def keep_past_units(
    uow: UnitOfWork, organization: PastOrganization, names: Mapping[str, str]
) -> dict[str, int]:
    """Add the missing ones, inactive: nobody says how to reach them. Returns code → id.

    Args:
        names: code → name.

    Raises:
        NotAllowed.
    """
    require(uow.actor, Permission.CASE_IMPORT)
    ids = _ids(uow, names)
    missing = names.keys() - ids.keys()
    if not missing:
        return ids
    owner = {"code": organization.code, "name": organization.name, "kind": organization.kind}
    uow.session.execute(insert(Organization).values(owner).on_conflict_do_nothing(index_elements=["code"]))
    query = sa.select(Organization.id).where(Organization.code == organization.code)
    organization_id = uow.session.scalars(query).one()
    rows = [
        {
            "code": code,
            "name": names[code],
            "organization_id": organization_id,
            "operation": "external",
            "is_active": False,
        }
        for code in sorted(missing)
    ]
    uow.session.execute(insert(Unit).on_conflict_do_nothing(index_elements=["code"]), rows)
    uow.record(OrganizationsLoaded(subject_id=0, organizations=1, units=len(rows)))
    return _ids(uow, names)


def _ids(uow: UnitOfWork, names: Mapping[str, str]) -> dict[str, int]:
    rows = uow.session.execute(sa.select(Unit.code, Unit.id).where(Unit.code.in_(sorted(names))))
    return {row.code: row.id for row in rows}
