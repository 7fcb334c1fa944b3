"""Sectors by name, for lists to choose from."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.territory.models import Sector


@dataclass(frozen=True, slots=True)
class SectorLine:
    code: str
    name: str
    insee: str


def sectors(session: Session) -> list[SectorLine]:
    query = sa.select(Sector.code, Sector.name, Sector.insee).order_by(Sector.insee, Sector.name)
    return [SectorLine(*row) for row in session.execute(query)]


def sectors_by_commune(session: Session) -> dict[str, list[str]]:
    """INSEE code → codes of its sectors."""
    found: dict[str, list[str]] = {}
    for line in sectors(session):
        found.setdefault(line.insee, []).append(line.code)
    return found
