"""A challenge is drawn for one answer, and is gone with it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from crm.foundation import UnitOfWork
from crm.staff.factors.ceremonies import new_challenge
from crm.staff.factors.models import Passkey
from crm.staff.factors.owner import held_row
from crm.staff.models import Agent

_MINUTES = 5


def draw(uow: UnitOfWork, agent: Agent) -> bytes:
    row = held_row(uow, agent)
    row.challenge, row.challenge_at = new_challenge(), uow.now
    return row.challenge


def take(uow: UnitOfWork, agent: Agent) -> bytes | None:
    """The one that was drawn, if it is young; there is none from then on, whatever becomes of the answer."""
    row = held_row(uow, agent)
    challenge, drawn_at = row.challenge, row.challenge_at
    row.challenge = row.challenge_at = None
    young = drawn_at is not None and uow.now - drawn_at < timedelta(minutes=_MINUTES)
    return challenge if young else None


def known_keys(uow: UnitOfWork, agent: Agent) -> list[bytes]:
    own = sa.select(Passkey.credential_id).where(Passkey.agent_id == agent.id)
    return list(uow.session.scalars(own.order_by(Passkey.id)))
