"""An act sent twice with the same Idempotency-Key is done once. What is kept: that it was done, no words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from flask import request
from sqlalchemy.dialects import postgresql

from crm.api.v1.blueprint import Refused
from crm.api.v1.operations import Asking
from crm.cases import parse_reference
from crm.foundation import UnitOfWork
from crm.http import unit_of_work
from crm.staff import ApiAnswer

Act = Callable[[UnitOfWork, str, int], object]  # the reference, the version that the caller read


@dataclass(frozen=True, slots=True)
class Known:
    """Args: `made_id`: of what the act made, when it made something."""

    made_id: int | None


def done_before(uow: UnitOfWork) -> Known | None:
    """In the transaction of the act: the same request sent at this very moment waits for it.

    Raises:
        Refused: the key served for another request.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return None
    key_hash, asked = _hash(key.encode()), _hash(request.path.encode() + b"\0" + request.get_data())
    claim = postgresql.insert(ApiAnswer).values(
        api_key_id=uow.actor.id, key_hash=key_hash, asked_hash=asked, at=uow.now
    )
    if uow.session.scalar(claim.on_conflict_do_nothing().returning(ApiAnswer.id)) is not None:
        return None
    mine = ApiAnswer.api_key_id == uow.actor.id, ApiAnswer.key_hash == key_hash
    row = uow.session.execute(sa.select(ApiAnswer.asked_hash, ApiAnswer.made_id).where(*mine)).one()
    if row.asked_hash != asked:
        raise Refused(409, "key_already_served")
    return Known(row.made_id)


def act_once(asking: Asking, reference: str, act: Act) -> str:
    """Once, whatever is sent again; returns the whole reference."""
    whole = parse_reference(reference)
    with unit_of_work(asking.caller.actor) as uow:
        if done_before(uow) is None:
            act(uow, whole, asking.version)
    return whole


def remember(uow: UnitOfWork, made_id: int) -> None:
    """What the act made, for whoever sends it again."""
    if key := request.headers.get("Idempotency-Key", ""):
        row = sa.update(ApiAnswer).where(
            ApiAnswer.api_key_id == uow.actor.id, ApiAnswer.key_hash == _hash(key.encode())
        )
        uow.session.execute(row.values(made_id=made_id))


def _hash(text: bytes) -> str:
    return sha256(text).hexdigest()
