"""Keys by which partners' machines say who they are."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.access import AGENT_ROLES, Permission, require
from crm.foundation import Actor, Base, Event, Invalid, NotFound, UnitOfWork, clean
from crm.staff.models import Unit

_KEY_BYTES = 32
_LONGEST_KEY = 200  # what is longer is no key of ours
PER_MINUTE, PER_DAY = 600, 100_000


class KeyScope(StrEnum):
    """What a key is for; each is a role of its holder."""

    READ = "read"
    CREATE = "create"
    UPDATE = "update"  # say what became of a demand, and move those that its organisation's units have


@dataclass(frozen=True, slots=True, kw_only=True)
class ActsAs:
    """The reach of an agent, given to a machine: the same role, unit and commune mean the same rights."""

    role: str
    unit_id: int | None = None
    insee: str | None = None


_IN_A_UNIT = frozenset({"team_lead", "field_agent"})
_USUAL_SCOPES = (KeyScope.READ, KeyScope.CREATE)
_KNOWN = ", ".join(f"'{scope}'" for scope in KeyScope)


class ApiKey(Base):
    """A key as kept: its hash alone. 256 random bits need no salt and no slow hash."""

    __tablename__ = "api_keys"
    __table_args__ = (
        sa.Index("ix_api_keys_organization_id", "organization_id"),
        sa.CheckConstraint(f"scopes <@ ARRAY[{_KNOWN}]", name="scopes_known"),
        sa.CheckConstraint("per_minute > 0 AND per_day > 0", name="quotas_positive"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    name: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{read,create}")
    per_minute: Mapped[int] = mapped_column(server_default=str(PER_MINUTE))  # requests, at most
    per_day: Mapped[int] = mapped_column(server_default=str(PER_DAY))
    # At the REST door it acts as an agent of this role would, in this unit or at this commune's desk.
    role: Mapped[str | None]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    insee: Mapped[str | None] = mapped_column(sa.String(5))
    last_used_at: Mapped[datetime | None]  # within the hour


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCreated(Event):
    kind: ClassVar[str] = "key.created"
    subject_kind: ClassVar[str] = "api_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(Event):
    kind: ClassVar[str] = "key.revoked"
    subject_kind: ClassVar[str] = "api_key"


def create_api_key(
    uow: UnitOfWork,
    name: str,
    organization_id: int | None,
    *,
    scopes: Collection[str] = _USUAL_SCOPES,
    per_minute: int = PER_MINUTE,
    per_day: int = PER_DAY,
    acts_as: ActsAs | None = None,
) -> str:
    """A new key, shown this once: only its hash is kept.

    Raises:
        Invalid: no name to recognise it by; no scope, or an unknown one; a role without its perimeter.
    """
    require(uow.actor, Permission.KEY_CREATE)
    named = clean(name)
    if not named:
        raise Invalid({"name": "required"})
    if not scopes or set(scopes) - set(KeyScope):
        raise Invalid({"scopes": "unknown"})
    if acts_as is not None:
        _check_perimeter(acts_as)
    key = secrets.token_urlsafe(_KEY_BYTES)
    row = ApiKey(
        name=named,
        key_hash=_hash(key),
        organization_id=organization_id,
        created_at=uow.now,
        scopes=[str(scope) for scope in KeyScope if scope in scopes],
        per_minute=per_minute,
        per_day=per_day,
        role=acts_as.role if acts_as else None,
        unit_id=acts_as.unit_id if acts_as else None,
        insee=acts_as.insee if acts_as else None,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(KeyCreated(subject_id=row.id))
    return key


def _check_perimeter(acts_as: ActsAs) -> None:
    if acts_as.role not in AGENT_ROLES:
        raise Invalid({"role": "unknown"})
    if acts_as.role in _IN_A_UNIT and acts_as.unit_id is None:
        raise Invalid({"unit_id": "required"})
    if acts_as.role == "desk_agent" and not acts_as.insee:
        raise Invalid({"insee": "required"})


def revoke_api_key(uow: UnitOfWork, key_id: int) -> None:
    """From now on the key opens nothing. Raises NotFound."""
    require(uow.actor, Permission.KEY_CREATE)
    row = uow.session.get(ApiKey, key_id, with_for_update=True)
    if row is None:
        raise NotFound(key=key_id)
    if row.revoked_at is None:
        row.revoked_at = uow.now
        uow.record(KeyRevoked(subject_id=key_id))


@dataclass(frozen=True, slots=True)
class KeyCard:
    """Who holds a key, and how often they may come: requests a minute, and a day.

    Args:
        acting: with the reach of an agent, when the key was given one; for the REST door.
    """

    actor: Actor
    per_minute: int
    per_day: int
    scopes: frozenset[str] = frozenset()
    acting: Actor | None = None
    last_used_at: datetime | None = None


_UNITS_OF = sa.func.array(
    sa.select(Unit.id).where(Unit.organization_id == ApiKey.organization_id).scalar_subquery()
)
_CARD = sa.select(
    ApiKey.id, ApiKey.organization_id, ApiKey.scopes, ApiKey.per_minute, ApiKey.per_day,
    ApiKey.role, ApiKey.unit_id, ApiKey.insee, ApiKey.last_used_at, _UNITS_OF.label("unit_ids"),
).where(ApiKey.revoked_at.is_(None), ApiKey.key_hash == sa.bindparam("hash"))  # fmt: skip


def key_card(session: Session, key: str) -> KeyCard | None:
    """Whose key this is; None for a wrong or revoked one. One statement."""
    if not key or len(key) > _LONGEST_KEY:
        return None
    row = session.execute(_CARD, {"hash": _hash(key)}).one_or_none()
    if row is None:
        return None
    actor = Actor(
        kind="partner",
        id=row.id,
        organization_id=row.organization_id,
        roles=frozenset(f"partner_{scope}" for scope in row.scopes),
        unit_ids=frozenset(row.unit_ids or ()),
    )
    acting = _acting(row, actor)
    return KeyCard(actor, row.per_minute, row.per_day, frozenset(row.scopes), acting, row.last_used_at)


def _acting(row: Any, actor: Actor) -> Actor | None:
    if row.role is None:
        return None
    return replace(
        actor,
        roles=frozenset({row.role}),
        unit_ids=frozenset({row.unit_id} if row.unit_id else ()),
        places=frozenset({row.insee} if row.insee else ()),
    )


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class ApiAnswer(Base):
    """An act that a key asked for under an Idempotency-Key, and that was done."""

    __tablename__ = "api_answers"
    __table_args__ = (sa.UniqueConstraint("api_key_id", "key_hash"), sa.Index("ix_api_answers_at", "at"))

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    api_key_id: Mapped[int] = mapped_column(sa.ForeignKey("api_keys.id"))
    key_hash: Mapped[str]
    asked_hash: Mapped[str]  # of the address and the body: the same key serves one request alone
    made_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    at: Mapped[datetime]
