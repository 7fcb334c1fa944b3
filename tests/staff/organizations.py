"""Two organisations and three units, for the stories of this room."""

from __future__ import annotations

from crm.foundation import UnitOfWork
from crm.staff import Organization, Unit

REACHABLE = {
    "address": "1 place de la Métropole",
    "phone": "01 99 00 00 01",
    "email": "unite@rivebois.example",
}


def two_organizations(uow: UnitOfWork) -> dict[str, int]:
    """Unit's code → id."""
    metropole = Organization(code="metropole", kind="metropole", name="Métropole de Rivebois")
    town = Organization(code="commune-99002", kind="commune", name="Ville d’Aubrac", insee="99002")
    uow.session.add_all([metropole, town])
    uow.session.flush()
    rows = [
        Unit(code="voirie", name="Voirie", operation="in_house", organization_id=metropole.id, **REACHABLE),
        Unit(
            code="eclairage",
            name="Éclairage",
            operation="in_house",
            organization_id=metropole.id,
            **REACHABLE,
        ),
        Unit(
            code="mairie-99002",
            name="Mairie",
            operation="in_house",
            organization_id=town.id,
            insee="99002",
            **REACHABLE,
        ),
    ]
    uow.session.add_all(rows)
    uow.session.flush()
    return {row.code: row.id for row in rows}
