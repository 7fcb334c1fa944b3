"""Who reads the Monday message of a commune."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.staff.models import Agent, Grant, Organization


@dataclass(frozen=True, slots=True)
class DigestReader:
    """Where a Monday message goes, and in which language."""

    email: str
    language: str = "fr"


def digest_readers(session: Session) -> dict[str, list[DigestReader]]:
    """Commune → who reads its Monday message: its desk's agents who want it; its town hall when no agent is.

    A commune whose agents all said no gets none.
    """
    at_desk = (
        sa.select(Grant.insee, Agent.email, Agent.language, Agent.weekly_digest)
        .join(Agent, Agent.id == Grant.agent_id)
        .where(Grant.role == "desk_agent", Grant.insee.is_not(None), Agent.is_active)
        .distinct()
    )
    readers: dict[str, list[DigestReader]] = {}
    for insee, email, spoken, wanted in session.execute(at_desk.order_by(Grant.insee, Agent.email)):
        readers.setdefault(str(insee), []).extend([DigestReader(email, spoken)] if wanted else [])
    halls = sa.select(Organization.insee, Organization.email).where(
        Organization.kind == "commune", Organization.insee.is_not(None), Organization.email != ""
    )
    for insee, email in session.execute(halls.order_by(Organization.id)):
        readers.setdefault(str(insee), [DigestReader(email)])
    return readers


def wants_digest(session: Session, agent_id: int) -> bool:
    return bool(session.scalar(sa.select(Agent.weekly_digest).where(Agent.id == agent_id)))
