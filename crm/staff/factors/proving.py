"""The second step of a log-in. A wrong answer counts with wrong passwords."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from crm.foundation import UnitOfWork
from crm.staff.factors.ceremonies import MadeKey, Site, count_shown, named_in, showing
from crm.staff.factors.challenges import draw, known_keys, take
from crm.staff.factors.codes import recovery_code, step_of
from crm.staff.factors.events import RecoveryCodeUsed
from crm.staff.factors.models import Passkey, RecoveryCode
from crm.staff.factors.owner import Halfway, at_the_door, held_row
from crm.staff.factors.sealing import Seal
from crm.staff.models import Agent
from crm.staff.passwords import is_right
from crm.staff.trying import LoggedIn, count_failure, is_locked, let_in


def prove_by_code(uow: UnitOfWork, seal: Seal, halfway: Halfway, typed: str) -> LoggedIn | None:
    """Six digits of the application, or a recovery code; each serves once. None: wrong, used, or locked.

    Raises:
        NotFound: the log-in must begin again.
    """
    return _proved(
        uow,
        halfway,
        lambda agent: _is_application_code(uow, seal, agent, typed) or _is_recovery_code(uow, agent, typed),
    )


def ask_for_key(uow: UnitOfWork, site: Site, halfway: Halfway) -> str:
    """What the browser needs to show one of the agent's passkeys, as JSON."""
    agent = at_the_door(uow, halfway)
    return showing(site, draw(uow, agent), known_keys(uow, agent))


def prove_by_key(uow: UnitOfWork, site: Site, halfway: Halfway, answer: str) -> LoggedIn | None:
    """What the browser answered. None: wrong, late, of a key that was copied, or locked.

    Raises:
        NotFound: the log-in must begin again.
    """
    return _proved(uow, halfway, lambda agent: _is_key(uow, site, agent, answer))


def _proved(uow: UnitOfWork, halfway: Halfway, is_right: Callable[[Agent], bool]) -> LoggedIn | None:
    agent = at_the_door(uow, halfway)
    if is_locked(uow, agent):
        return None
    if is_right(agent):
        return let_in(uow, agent)
    count_failure(uow, agent)
    return None


def _is_key(uow: UnitOfWork, site: Site, agent: Agent, answer: str) -> bool:
    challenge = take(uow, agent)
    own = sa.select(Passkey).where(Passkey.agent_id == agent.id, Passkey.credential_id == named_in(answer))
    key = uow.session.scalar(own)
    if challenge is None or key is None:
        return False
    known = MadeKey(key.credential_id, key.public_key, key.sign_count)
    count = count_shown(site, challenge, answer, known)
    if count is None:
        return False
    key.sign_count, key.last_used_at = count, uow.now
    return True


def _is_application_code(uow: UnitOfWork, seal: Seal, agent: Agent, typed: str) -> bool:
    row = held_row(uow, agent)
    secret = seal.open(agent.id, row.secret) if row.secret else None
    step = step_of(secret, typed, uow.now, row.last_step) if secret else None
    if step is None:
        return False
    row.last_step = step
    return True


def _is_recovery_code(uow: UnitOfWork, agent: Agent, typed: str) -> bool:
    looked_like = recovery_code(typed)
    if looked_like is None:
        return False
    rank, code = looked_like
    kept = uow.session.get(RecoveryCode, (agent.id, rank), populate_existing=True)
    if kept is None or kept.used_at is not None or not is_right(kept.code_hash, code):
        return False
    kept.used_at = uow.now
    uow.record(RecoveryCodeUsed(subject_id=agent.id))
    return True
