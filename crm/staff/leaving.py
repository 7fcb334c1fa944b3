"""An agent leaves: a cookie copied before that opens nothing any more."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.staff.events import AgentLoggedOut
from crm.staff.models import Agent


def end_sessions(uow: UnitOfWork) -> None:
    """All of the agent's own, on every machine."""
    require(uow.actor, Permission.STYLE_VIEW)
    raised = sa.update(Agent).where(Agent.id == uow.actor.id).values(session_epoch=Agent.session_epoch + 1)
    uow.session.execute(raised.execution_options(synchronize_session=False))
    uow.record(AgentLoggedOut(subject_id=uow.actor.id or 0))
