"""Keys by which partners' machines say who they are."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.access import Permission, require
from crm.foundation import Actor, Base, Event, Invalid, NotFound, UnitOfWork, clean

_KEY_BYTES = 32
_LONGEST_KEY = 200  # what is longer is no key of ours


class ApiKey(Base):
    """A key as kept: its hash alone. 256 random bits need no salt and no slow hash."""

    __tablename__ = "api_keys"
    __table_args__ = (sa.Index("ix_api_keys_organization_id", "organization_id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    name: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCreated(Event):
    kind: ClassVar[str] = "key.created"
    subject_kind: ClassVar[str] = "api_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(Event):
    kind: ClassVar[str] = "key.revoked"
    subject_kind: ClassVar[str] = "api_key"


def create_api_key(uow: UnitOfWork, name: str, organization_id: int | None) -> str:
    """A new key, shown this once: only its hash is kept.

    Raises:
        Invalid: no name to recognise it by.
    """
    require(uow.actor, Permission.KEY_CREATE)
    named = clean(name)
    if not named:
        raise Invalid({"name": "required"})
    key = secrets.token_urlsafe(_KEY_BYTES)
    row = ApiKey(name=named, key_hash=_hash(key), organization_id=organization_id, created_at=uow.now)
    uow.session.add(row)
    uow.session.flush()
    uow.record(KeyCreated(subject_id=row.id))
    return key


def revoke_api_key(uow: UnitOfWork, key_id: int) -> None:
    """From now on the key opens nothing. Raises NotFound."""
    require(uow.actor, Permission.KEY_CREATE)
    row = uow.session.get(ApiKey, key_id, with_for_update=True)
    if row is None:
        raise NotFound(key=key_id)
    if row.revoked_at is None:
        row.revoked_at = uow.now
        uow.record(KeyRevoked(subject_id=key_id))


def actor_for_key(session: Session, key: str) -> Actor | None:
    """Which partner's machine holds this key; None for a wrong or revoked one."""
    if not key or len(key) > _LONGEST_KEY:
        return None
    known = sa.select(ApiKey.id, ApiKey.organization_id)
    row = session.execute(
        known.where(ApiKey.key_hash == _hash(key), ApiKey.revoked_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    return Actor(kind="partner", id=row.id, organization_id=row.organization_id, roles=frozenset({"partner"}))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
