"""Adding and withdrawing one's own second factors. What is shown once is returned, never kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from crm.foundation import Invalid, NotAllowed, NotFound, UnitOfWork, clean
from crm.staff.factors.ceremonies import Site, made_key, making
from crm.staff.factors.challenges import draw, known_keys, take
from crm.staff.factors.codes import (
    application_address,
    hash_code,
    new_recovery_codes,
    new_secret,
    recovery_code,
    step_of,
)
from crm.staff.factors.due import second_due
from crm.staff.factors.events import FactorAdded, FactorWithdrawn, RecoveryCodesMade
from crm.staff.factors.models import Passkey, RecoveryCode
from crm.staff.factors.owner import Halfway, at_the_door, enrolling, held_row, myself
from crm.staff.factors.sealing import Seal
from crm.staff.models import Agent
from crm.staff.trying import LoggedIn, let_in

MOST_KEYS = 10
_LONGEST_NAME = 60
_OFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class OfferedApplication:
    """A secret that nothing keeps until a code proves that the application has it.

    Args:
        sealed: comes back with that code.
        address: what the square picture says.
    """

    sealed: str
    secret: str
    address: str


def offer_application(
    uow: UnitOfWork, seal: Seal, issuer: str, *, halfway: Halfway | None = None, password: str = ""
) -> OfferedApplication:
    """
    Raises:
        Invalid: `password` → `wrong_password`, of an agent at work.
        NotAllowed, NotFound.
    """
    agent = enrolling(uow, halfway) if halfway else myself(uow, password)
    secret = new_secret()
    return _offered(agent, seal.close(agent.id, secret, uow.now), secret, issuer)


def offered_again(
    uow: UnitOfWork, seal: Seal, issuer: str, sealed: str, *, halfway: Halfway | None = None
) -> OfferedApplication:
    """The same picture, after a wrong code; it ages.

    Raises:
        Invalid: `password` → `offered_long_ago`.
        NotFound: it was not offered to this agent.
    """
    agent = enrolling(uow, halfway)
    return _offered(agent, sealed, _opened(uow, seal, agent, sealed), issuer)


def add_application(
    uow: UnitOfWork, seal: Seal, sealed: str, typed: str, *, halfway: Halfway | None = None
) -> list[str]:
    """It gave the right code: it is the agent's from now on, instead of another. Returns new recovery codes,
    none when the agent has some left.

    Raises:
        Invalid: `code` → `wrong_code`; `password` → `offered_long_ago`.
        NotAllowed, NotFound.
    """
    agent = enrolling(uow, halfway)
    secret = _opened(uow, seal, agent, sealed)
    step = step_of(secret, typed, uow.now, None)
    if step is None:
        raise Invalid({"code": "wrong_code"})
    row = held_row(uow, agent)
    row.secret, row.secret_since, row.last_step = sealed, uow.now, step
    uow.record(FactorAdded(subject_id=agent.id, factor="application"))
    return _codes_if_none(uow, agent)


def offer_key(uow: UnitOfWork, site: Site, *, halfway: Halfway | None = None, password: str = "") -> str:
    """What the browser needs to make a passkey, as JSON.

    Raises:
        Invalid: `password` → `wrong_password`; `name` → `too_many_keys`.
        NotAllowed, NotFound.
    """
    agent = enrolling(uow, halfway) if halfway else myself(uow, password)
    known = known_keys(uow, agent)
    if len(known) >= MOST_KEYS:
        raise Invalid({"name": "too_many_keys"})
    return making(site, agent.id, agent.email, draw(uow, agent), known)


def add_key(
    uow: UnitOfWork, site: Site, name: str, answer: str, *, halfway: Halfway | None = None
) -> list[str] | None:
    """The passkey that the browser made. Returns new recovery codes, none when the agent has some left.

    None for a wrong answer: raising would undo that its challenge was taken.

    Raises:
        NotAllowed, NotFound.
    """
    agent = enrolling(uow, halfway)
    challenge = take(uow, agent)
    made = made_key(site, challenge, answer) if challenge else None
    taken = made and uow.session.scalar(
        sa.select(Passkey.id).where(Passkey.credential_id == made.credential_id)
    )
    if made is None or taken:
        return None
    uow.session.add(
        Passkey(
            agent_id=agent.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=clean(name)[:_LONGEST_NAME],
            created_at=uow.now,
        )
    )
    uow.record(FactorAdded(subject_id=agent.id, factor="passkey"))
    return _codes_if_none(uow, agent)


def enrolled(uow: UnitOfWork, halfway: Halfway) -> LoggedIn:
    """They have a second factor now: nothing more is due.

    Raises:
        NotAllowed, NotFound.
    """
    agent = at_the_door(uow, halfway)
    uow.session.flush()
    if second_due(uow.session, agent.id, ()) != "prove":
        raise NotAllowed()
    return let_in(uow, agent)


def withdraw_application(uow: UnitOfWork, password: str, bound: Collection[str]) -> None:
    """
    Raises:
        Invalid: `password` → `wrong_password`, or `last_factor` for whoever must keep one.
        NotFound: there is none.
    """
    agent = myself(uow, password)
    row = held_row(uow, agent)
    if row.secret is None:
        raise NotFound()
    row.secret = row.secret_since = row.last_step = None
    _withdrawn(uow, agent, "application", bound)


def withdraw_key(uow: UnitOfWork, key_id: int, password: str, bound: Collection[str]) -> None:
    """
    Raises:
        Invalid: `password` → `wrong_password`, or `last_factor` for whoever must keep one.
        NotFound: not theirs.
    """
    agent = myself(uow, password)
    gone = sa.delete(Passkey).where(Passkey.id == key_id, Passkey.agent_id == agent.id).returning(Passkey.id)
    if uow.session.execute(gone).one_or_none() is None:
        raise NotFound()
    _withdrawn(uow, agent, "passkey", bound)


def renew_recovery_codes(uow: UnitOfWork, password: str) -> list[str]:
    """
    Raises:
        Invalid: `password` → `wrong_password`.
        NotFound: they would recover nothing.
    """
    agent = myself(uow, password)
    uow.session.flush()
    if second_due(uow.session, agent.id, ()) != "prove":
        raise NotFound()
    return _new_codes(uow, agent)


def _withdrawn(uow: UnitOfWork, agent: Agent, factor: str, bound: Collection[str]) -> None:
    uow.session.flush()
    due = second_due(uow.session, agent.id, bound)
    if due == "enrol":
        raise Invalid({"password": "last_factor"})
    if not due:
        _drop_codes(uow, agent)
    uow.record(FactorWithdrawn(subject_id=agent.id, factor=factor))


def _offered(agent: Agent, sealed: str, secret: str, issuer: str) -> OfferedApplication:
    return OfferedApplication(sealed, secret, application_address(secret, agent.email, issuer))


def _opened(uow: UnitOfWork, seal: Seal, agent: Agent, sealed: str) -> str:
    secret = seal.open(agent.id, sealed)
    if secret is None:
        raise NotFound()
    if uow.now - seal.closed_at(sealed) > _OFFER:
        raise Invalid({"password": "offered_long_ago"})
    return secret


def _codes_if_none(uow: UnitOfWork, agent: Agent) -> list[str]:
    left = sa.exists().where(RecoveryCode.agent_id == agent.id, RecoveryCode.used_at.is_(None))
    return [] if uow.session.scalar(sa.select(left)) else _new_codes(uow, agent)


def _new_codes(uow: UnitOfWork, agent: Agent) -> list[str]:
    codes = new_recovery_codes()
    _drop_codes(uow, agent)
    for rank, kept in filter(None, map(recovery_code, codes)):
        uow.session.add(RecoveryCode(agent_id=agent.id, rank=rank, code_hash=hash_code(kept)))
    uow.record(RecoveryCodesMade(subject_id=agent.id))
    return codes


def _drop_codes(uow: UnitOfWork, agent: Agent) -> None:
    uow.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.agent_id == agent.id))
