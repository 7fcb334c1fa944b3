"""Into a resident's space and out of it: by a link that opens once, or by an identity provider."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa

from crm.access import Permission, require
from crm.contacts import contacts_at, prove_point
from crm.foundation import NotFound, UnitOfWork
from crm.space.events import SpaceEntered, SpaceLeft, SpaceLinkAsked
from crm.space.models import SpaceLink, SpaceVisit

LINK_MINUTES = 30
VISIT_HOURS = 8
_AT_ONCE = 5000
_MOST_LINKS = 3  # for one address, while they are still good: nobody floods another's mailbox from our form


def ask_link(uow: UnitOfWork, email: str, language: str = "fr") -> None:
    """Prepare a way in for an address, known or not: what is done and said is the same.

    Args:
        email: as `crm.contacts.normalise_email` gives it.
    """
    require(uow.actor, Permission.SPACE_ENTER)
    is_known = bool(contacts_at(uow.session, "email", email))
    lately = sa.select(sa.func.count()).where(
        SpaceLink.email == email, SpaceLink.asked_at > uow.now - timedelta(minutes=LINK_MINUTES)
    )
    if uow.session.scalars(lately).one() >= _MOST_LINKS:
        return
    link = SpaceLink(
        email=email,
        language=language,
        is_known=is_known,
        asked_at=uow.now,
        ends_at=uow.now + timedelta(minutes=LINK_MINUTES),
    )
    uow.session.add(link)
    uow.session.flush()
    if is_known:
        uow.record(SpaceLinkAsked(subject_id=link.id))


def enter_by_link(uow: UnitOfWork, link_id: int) -> str:
    """Use a link, once. Returns the key that the browser keeps.

    Raises:
        NotFound: it was used, is too old, or never was.
    """
    require(uow.actor, Permission.SPACE_ENTER)
    good = sa.and_(SpaceLink.id == link_id, SpaceLink.used_at.is_(None), SpaceLink.ends_at > uow.now)
    used = sa.update(SpaceLink).where(good).values(used_at=uow.now).returning(SpaceLink.email)
    email = uow.session.execute(used.execution_options(synchronize_session=False)).scalar_one_or_none()
    if email is None:
        raise NotFound()
    return _let_in(uow, email, "link")


def enter_by_identity(uow: UnitOfWork, email: str) -> str:
    """Let in whoever an identity provider vouches for, with an address that it verified. Returns the key."""
    require(uow.actor, Permission.SPACE_ENTER)
    return _let_in(uow, email, "identity")


def leave_space(uow: UnitOfWork, visit_id: int) -> None:
    require(uow.actor, Permission.SPACE_ENTER)
    ending = sa.update(SpaceVisit).where(SpaceVisit.id == visit_id, SpaceVisit.ended_at.is_(None))
    uow.session.execute(ending.values(ended_at=uow.now).execution_options(synchronize_session=False))
    uow.record(SpaceLeft(subject_id=visit_id))


def forget_space(uow: UnitOfWork, older_than: timedelta) -> int:
    """Links and visits that were over long ago. Returns how many went."""
    require(uow.actor, Permission.DELIVERY_MANAGE)
    gone = 0
    for table in (SpaceLink, SpaceVisit):
        old = sa.select(table.id).where(table.ends_at < uow.now - older_than).limit(_AT_ONCE)
        ended = sa.delete(table).where(table.id.in_(old)).returning(table.id)
        gone += len(uow.session.execute(ended.execution_options(synchronize_session=False)).all())
    return gone


def key_hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _let_in(uow: UnitOfWork, email: str, proof: str) -> str:
    key = secrets.token_urlsafe(32)
    visit = SpaceVisit(
        key_hash=key_hash(key),
        email=email,
        proof=proof,
        began_at=uow.now,
        ends_at=uow.now + timedelta(hours=VISIT_HOURS),
    )
    uow.session.add(visit)
    uow.session.flush()
    prove_point(uow, "email", email, how=proof)
    uow.record(SpaceEntered(subject_id=visit.id, proof=proof))
    return key
