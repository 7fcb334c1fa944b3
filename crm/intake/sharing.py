"""One draft, two sides: what a resident began online is finished by an agent, or the other way round.

Both sides register it under the same key, so that the database makes one case of it, whoever is quicker; the
other side is told. A code of six digits brings an agent to it, a signed link brings the resident. Once the
other side has it, nothing of what was typed is kept here.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.access import Permission, require
from crm.cases import Case
from crm.foundation import Base, Event, LinkSigner, NotFound, UnitOfWork
from crm.intake.drafts import AlreadySent

Boxes = Mapping[str, str]  # of the public form: name → text
CODE_DIGITS = 6
_SALT = "shared-draft"
_LINKS = LinkSigner(_SALT)
sign_link, signed_in_link = _LINKS.sign, _LINKS.read
_DRAWING = 7_307_000_001  # the lock of whoever draws a code: two never draw the same one


class SharedDraft(Base):
    """A demand that a resident and an agent may both finish."""

    __tablename__ = "shared_drafts"
    __table_args__ = (
        sa.Index("ix_shared_drafts_ends_at", "ends_at"),
        sa.Index("ix_shared_drafts_agent_id", "agent_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # of the case that it will make
    boxes: Mapped[dict[str, Any]]  # of the public form; empty once the other side has them
    code_hash: Mapped[str | None] = mapped_column(unique=True)  # of the code said on the telephone
    is_link: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]  # by the other side


_D = cast(sa.Table, SharedDraft.__table__).c


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedDraftEvent(Event):
    subject_kind: ClassVar[str] = "shared_draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTakenOver(_SharedDraftEvent):
    """An agent opened what a resident had typed, with the code that they said."""

    kind: ClassVar[str] = "draft.taken_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLinked(_SharedDraftEvent):
    """A link leaves, for the resident to finish what an agent began."""

    kind: ClassVar[str] = "draft.linked"
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReopened(_SharedDraftEvent):
    """The resident followed the link."""

    kind: ClassVar[str] = "draft.reopened"


@dataclass(frozen=True, slots=True)
class Shared:
    """Where a shared draft stands.

    Args:
        opened_at: when the other side took it.
        reference, token: of the case that it made, whoever finished it.
    """

    id: int
    is_link: bool
    ends_at: datetime
    opened_at: datetime | None
    reference: str | None
    token: str | None


def give_code(uow: UnitOfWork, key: str, boxes: Boxes, *, secret: str, minutes: int) -> tuple[str, datetime]:
    """The code with which an agent takes this draft over, and until when. The one given before is void.

    Raises:
        AlreadySent: the demand exists.
    """
    require(uow.actor, Permission.CASE_CREATE)
    _check_unmade(uow, key)
    uow.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_DRAWING)))
    code = _free_code(uow, secret)
    ends_at = uow.now + timedelta(minutes=minutes)
    _keep(uow, key, boxes=dict(boxes), code_hash=_hash(secret, code), is_link=False, ends_at=ends_at)
    return code, ends_at


def open_by_code(uow: UnitOfWork, code: str, *, secret: str) -> tuple[str, Boxes]:
    """Open the draft of this code, once. Returns the key of the demand, and what was typed.

    Raises:
        NotFound: nobody was given this code, it was used, or it is too old.
        AlreadySent: its author has finished it meanwhile; `reference` says which case it is.
    """
    require(uow.actor, Permission.CASE_CREATE)
    held = sa.select(SharedDraft).where(_D.code_hash == _hash(secret, code), _D.ends_at > uow.now)
    row = uow.session.scalars(held.with_for_update()).one_or_none()
    if row is None:
        raise NotFound(code="unknown")
    _check_unmade(uow, row.key)
    boxes = dict(row.boxes)
    row.agent_id, row.opened_at, row.code_hash, row.boxes = uow.actor.id, uow.now, None, {}
    uow.record(DraftTakenOver(subject_id=row.id))
    return row.key, boxes


def prepare_link(uow: UnitOfWork, key: str, boxes: Boxes, *, channel: str, days: int) -> tuple[int, datetime]:
    """What the resident will find behind their link, and until when. Returns what `sign_link` takes.

    Raises:
        AlreadySent: the demand exists.
    """
    require(uow.actor, Permission.CASE_CREATE)
    _check_unmade(uow, key)
    ends_at = uow.now + timedelta(days=days)
    shared_id = _keep(
        uow, key, boxes=dict(boxes), is_link=True, agent_id=uow.actor.id, ends_at=ends_at, code_hash=None
    )
    uow.record(DraftLinked(subject_id=shared_id, channel=channel))
    return shared_id, ends_at


def open_link(uow: UnitOfWork, shared_id: int) -> tuple[str, Boxes]:
    """Follow a link, once. Returns the key of the demand, and what was typed.

    Raises:
        NotFound: it was used, or it is too old.
        AlreadySent: an agent has finished it meanwhile.
    """
    require(uow.actor, Permission.CASE_CREATE)
    good = (_D.id == shared_id, _D.is_link, _D.opened_at.is_(None), _D.ends_at > uow.now)
    row = uow.session.scalars(sa.select(SharedDraft).where(*good).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(link=shared_id)
    _check_unmade(uow, row.key)
    boxes = dict(row.boxes)
    row.opened_at, row.boxes = uow.now, {}
    uow.record(DraftReopened(subject_id=row.id))
    return row.key, boxes


def forget_shared(uow: UnitOfWork, older_than: timedelta) -> int:
    """What nobody opened in time is emptied now; that it was shared, later. Returns how many."""
    require(uow.actor, Permission.DELIVERY_MANAGE)
    over = sa.update(SharedDraft).where(_D.ends_at < uow.now, _D.boxes != sa.text("'{}'::jsonb"))
    uow.session.execute(over.values(boxes={}, code_hash=None).execution_options(synchronize_session=False))
    gone = sa.delete(SharedDraft).where(_D.ends_at < uow.now - older_than).returning(_D.id)
    return len(uow.session.scalars(gone).all())


def new_key() -> str:
    """Of a demand that an agent begins and a resident may finish: nobody guesses it."""
    return f"web-{secrets.token_urlsafe(24)}"


_SHARED = sa.select(
    _D.id, _D.is_link, _D.ends_at, _D.opened_at, Case.reference, Case.public_token
).outerjoin_from(SharedDraft, Case, Case.key == _D.key)


def shared_by_key(session: Session, key: str) -> Shared | None:
    row = session.execute(_SHARED.where(_D.key == key)).one_or_none()
    return Shared(*row) if row else None


def shared_by_id(session: Session, shared_id: int) -> Shared | None:
    row = session.execute(_SHARED.where(_D.id == shared_id)).one_or_none()
    return Shared(*row) if row else None


def _keep(uow: UnitOfWork, key: str, **told: object) -> int:
    adding = insert(SharedDraft).values(key=key, created_at=uow.now, **told)
    again = adding.on_conflict_do_update(index_elements=["key"], set_={**told, "opened_at": None})
    return int(uow.session.execute(again.returning(_D.id)).scalar_one())


def _check_unmade(uow: UnitOfWork, key: str) -> None:
    reference = uow.session.scalar(sa.select(Case.reference).where(Case.key == key))
    if reference is not None:
        raise AlreadySent(reference=reference)


def _free_code(uow: UnitOfWork, secret: str) -> str:
    """Drawn until it is nobody's: a million codes, and a few at a time."""
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        void = sa.update(SharedDraft).where(_D.code_hash == _hash(secret, code), _D.ends_at <= uow.now)
        uow.session.execute(void.values(code_hash=None).execution_options(synchronize_session=False))
        taken = sa.select(_D.id).where(_D.code_hash == _hash(secret, code))
        if uow.session.scalar(taken) is None:
            return code


def _hash(secret: str, code: str) -> str:
    """Who reads the table cannot use it: a million hashes are soon tried, but not without our secret."""
    return hmac.new(secret.encode(), f"{_SALT} {code}".encode(), sha256).hexdigest()
