"""A second factor that is lost: somebody else takes it away, and says why."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import Invalid, NotAllowed, NotFound, UnitOfWork, clean
from crm.staff.factors.events import SecondFactorReset
from crm.staff.factors.models import Passkey, RecoveryCode, SecondFactor
from crm.staff.factors.owner import held_row
from crm.staff.models import Agent

RESET_MOTIVES = ("lost", "replaced", "stolen", "other")


def reset_second_factor(uow: UnitOfWork, agent_id: int, motive: str, words: str = "") -> None:
    """All that the agent has besides the password is gone, and their sessions end.

    The fact keeps the motive's code; the words stay with the account.

    Raises:
        NotAllowed: not one's own either, whoever found the screen open would be alone at the door.
        NotFound: no such agent.
        Invalid: `motive` → `unknown`; `words` → `required` where the motive says nothing.
    """
    require(uow.actor, Permission.SECOND_FACTOR_RESET)
    if agent_id == uow.actor.id:
        raise NotAllowed()
    if motive not in RESET_MOTIVES:
        raise Invalid({"motive": "unknown"})
    if motive == "other" and not clean(words):
        raise Invalid({"words": "required"})
    agent = uow.session.get(Agent, agent_id, with_for_update=True, populate_existing=True)
    if agent is None:
        raise NotFound()
    for table in (Passkey, RecoveryCode):
        uow.session.execute(sa.delete(table).where(table.agent_id == agent.id))
    row = held_row(uow, agent)
    _empty(row)
    row.reset_words = clean(words)
    agent.session_epoch += 1
    uow.record(SecondFactorReset(subject_id=agent.id, motive=motive))


def _empty(row: SecondFactor) -> None:
    row.secret = row.secret_since = row.last_step = row.challenge = row.challenge_at = None
