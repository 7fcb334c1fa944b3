"""What an agent has besides the password, and who of the house has something."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import EventRow, fold
from crm.staff.factors.events import SecondFactorReset
from crm.staff.factors.models import Passkey, RecoveryCode, SecondFactor
from crm.staff.models import Agent, Grant


@dataclass(frozen=True, slots=True)
class KeyHeld:
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    application_since: datetime | None
    keys: tuple[KeyHeld, ...]
    codes_left: int

    @property
    def has_any(self) -> bool:
        return self.application_since is not None or bool(self.keys)


@dataclass(frozen=True, slots=True)
class ProtectedAccount:
    """An account whose role must be protected, or that is."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...]
    has_application: bool
    keys: int
    codes_left: int

    @property
    def has_any(self) -> bool:
        return self.has_application or self.keys > 0


@dataclass(frozen=True, slots=True)
class LastReset:
    """When somebody took an agent's second factor away, and why: a code, and words that may be empty."""

    fact_id: int
    at: datetime
    motive: str
    words: str


def factors_of(session: Session, agent_id: int) -> Factors:
    own = sa.select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.last_used_at)
    keys = session.execute(own.where(Passkey.agent_id == agent_id).order_by(Passkey.id)).all()
    since = session.scalar(sa.select(SecondFactor.secret_since).where(SecondFactor.agent_id == agent_id))
    left = session.scalar(_codes_left().where(RecoveryCode.agent_id == agent_id))
    return Factors(since, tuple(KeyHeld(*key) for key in keys), left or 0)


def last_resets(session: Session, agent_ids: Collection[int]) -> dict[int, LastReset]:
    """Of those whose second factor was ever taken away."""
    facts = (
        sa.select(EventRow.id, EventRow.subject_id, EventRow.at, EventRow.data, SecondFactor.reset_words)
        .join(SecondFactor, SecondFactor.agent_id == EventRow.subject_id)
        .where(EventRow.subject_kind == "agent", EventRow.subject_id.in_(agent_ids))
        .where(EventRow.kind == SecondFactorReset.kind)
        .order_by(EventRow.id)
    )
    return {
        row.subject_id: LastReset(row.id, row.at, row.data["motive"], row.reset_words)
        for row in session.execute(facts)
    }


def protected_accounts(session: Session, bound: Collection[str]) -> list[ProtectedAccount]:
    """Open accounts that must have a second factor or have one, in the order of a French dictionary."""
    roles = sa.select(sa.func.array_agg(sa.distinct(Grant.role))).where(Grant.agent_id == Agent.id)
    application = sa.exists().where(SecondFactor.agent_id == Agent.id, SecondFactor.secret.is_not(None))
    keys = sa.select(sa.func.count()).select_from(Passkey).where(Passkey.agent_id == Agent.id)
    must = sa.exists().where(Grant.agent_id == Agent.id, Grant.role.in_(sorted(bound)))
    query = sa.select(
        Agent.id,
        Agent.first_name,
        Agent.last_name,
        Agent.email,
        roles.scalar_subquery().label("roles"),
        application.label("has_application"),
        keys.scalar_subquery().label("keys"),
        _codes_left().where(RecoveryCode.agent_id == Agent.id).scalar_subquery().label("codes_left"),
    ).where(
        Agent.is_active,
        sa.or_(must, application, sa.exists().where(Passkey.agent_id == Agent.id)),
    )
    found = [
        ProtectedAccount(
            row.id,
            f"{row.first_name} {row.last_name}",
            row.email,
            tuple(sorted(row.roles or ())),
            row.has_application,
            row.keys,
            row.codes_left,
        )
        for row in session.execute(query)
    ]
    return sorted(found, key=lambda one: fold(one.name))


def _codes_left() -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(RecoveryCode).where(RecoveryCode.used_at.is_(None))
