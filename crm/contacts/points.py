"""One way to reach somebody: does it work, whose is it, do several have it?"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from crm.access import Permission, require
from crm.contacts.at_point import contacts_at
from crm.contacts.events import ContactEdited, PointDoubted, PointFailed, PointVerified
from crm.contacts.models import SHARED_AS, VERIFIED_HOW, Contact, ContactLink, ContactPoint
from crm.foundation import Conflict, Invalid, NotFound, UnitOfWork


def mark_failed(uow: UnitOfWork, kind: str, value: str, reason: str) -> int:
    """Nothing arrives there: a mail came back, a number is not given. Returns how many contacts have it.

    Told once: a point that failed already keeps its day and its reason.

    Args:
        kind: email, phone or postal.
        value: as kept: lower-case e-mail, E.164, folded address.
        reason: a code, never the server's words.
    """
    require(uow.actor, Permission.MESSAGE_SEND)
    failed = uow.session.scalar(
        sa.update(ContactPoint)
        .where(ContactPoint.kind == kind, ContactPoint.value == value, ContactPoint.failed_at.is_(None))
        .values(failed_at=uow.now, failed_reason=reason)
        .returning(ContactPoint.id)
        .execution_options(synchronize_session=False)
    )
    if failed is None:
        return 0
    whose = uow.session.scalars(
        sa.select(ContactLink.contact_id)
        .where(ContactLink.point_id == failed)
        .order_by(ContactLink.contact_id)
    ).all()
    for contact_id in whose:
        uow.record(PointFailed(subject_id=contact_id, point_kind=kind, reason=reason))
    return len(whose)


def mark_sound(uow: UnitOfWork, contact_id: int, point_id: int) -> None:
    """It works again: whoever has it said so, or was reached there.

    Raises:
        NotFound: the contact has no such point.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    _change(uow, contact_id, point_id, failed_at=None, failed_reason=None)


def say_failed(uow: UnitOfWork, contact_id: int, point_id: int, reason: str = "said_by_agent") -> None:
    """An agent knows that it leads nowhere: a letter came back, somebody else answered.

    Raises:
        NotFound: the contact has no such point.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    _change(uow, contact_id, point_id, failed_at=uow.now, failed_reason=reason)


def say_shared(uow: UnitOfWork, contact_id: int, point_id: int, shared_as: str) -> None:
    """A family, a switchboard; empty: nobody knows why several have it.

    Raises:
        NotFound: the contact has no such point.
        Invalid: another word than these.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    if shared_as not in SHARED_AS:
        raise Invalid({"shared_as": "unknown"})
    _change(uow, contact_id, point_id, shared_as=shared_as)
    recount_shared(uow, [point_id])


def prefer_point(uow: UnitOfWork, contact_id: int, point_id: int) -> None:
    """Of those of its kind, the one to use first.

    Raises:
        NotFound: the contact has no such point.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    kind = _kind(uow, contact_id, point_id)
    same_kind = sa.select(ContactPoint.id).where(ContactPoint.kind == kind)
    uow.session.execute(
        sa.update(ContactLink)
        .where(ContactLink.contact_id == contact_id, ContactLink.point_id.in_(same_kind))
        .values(is_preferred=ContactLink.point_id == point_id)
        .execution_options(synchronize_session=False)
    )
    uow.record(ContactEdited(subject_id=contact_id))


def verify_point(uow: UnitOfWork, contact_id: int, point_id: int, *, how: str = "") -> None:
    """An agent saw that it is theirs: a paper shown, a call back answered. It works, too.

    Args:
        how: a code of `VERIFIED_HOW`.

    Raises:
        NotFound: the contact has no such point.
        Invalid: `how` is none of the ways we know.
        Conflict: somebody else showed it to be theirs.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    if how not in VERIFIED_HOW:
        raise Invalid({"how": "unknown"})
    _verify(uow, contact_id, point_id, _kind(uow, contact_id, point_id), how)


def doubt_point(uow: UnitOfWork, contact_id: int, point_id: int) -> None:
    """Nobody says any more that it is theirs: it changed hands, or it was a mistake.

    Raises:
        NotFound: the contact has no such point.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    kind = _kind(uow, contact_id, point_id)
    if _set_link(uow, contact_id, point_id, verified=True, verified_at=None, verified_how=""):
        uow.record(PointDoubted(subject_id=contact_id, point_kind=kind))


def prove_point(uow: UnitOfWork, kind: str, value: str, *, how: str) -> None:
    """Whoever is reached there showed it: they followed our link, or answered from it.

    Of a point that several have, or that nobody has, it proves nothing about anybody.
    """
    require(uow.actor, Permission.CONTACT_OWN)
    whose = contacts_at(uow.session, kind, value)
    if len(whose) != 1:
        return
    point_id = uow.session.scalar(
        sa.select(ContactPoint.id)
        .where(ContactPoint.kind == kind, ContactPoint.value == value)
        .with_for_update()
    )
    if point_id is not None:
        with suppress(Conflict):  # a sheet merged into theirs showed it first
            _verify(uow, whose[0], point_id, kind, how)


def _verify(uow: UnitOfWork, contact_id: int, point_id: int, kind: str, how: str) -> None:
    """Said twice, it is one fact."""
    said = {"verified_at": uow.now, "verified_how": how}
    try:
        with uow.session.begin_nested():
            is_new = _set_link(uow, contact_id, point_id, verified=False, **said)
    except IntegrityError as taken:
        raise Conflict(point=point_id) from taken
    _set(uow, point_id, failed_at=None, failed_reason=None)
    if is_new:
        uow.record(PointVerified(subject_id=contact_id, point_kind=kind, how=how))


def _set_link(uow: UnitOfWork, contact_id: int, point_id: int, *, verified: bool, **columns: object) -> bool:
    """Change the link that is, or is not, verified. False when it is otherwise already."""
    mine = sa.and_(ContactLink.contact_id == contact_id, ContactLink.point_id == point_id)
    such = ContactLink.verified_at.is_not(None) if verified else ContactLink.verified_at.is_(None)
    changed = sa.update(ContactLink).where(mine, such).values(columns).returning(ContactLink.id)
    done = uow.session.execute(changed.execution_options(synchronize_session=False))
    return done.scalar_one_or_none() is not None


def recount_shared(uow: UnitOfWork, point_ids: Collection[int]) -> None:
    """A point is shared when several contacts have it, stones apart, or when somebody said so."""
    living = (
        sa.select(sa.func.count())
        .select_from(ContactLink)
        .join(Contact, Contact.id == ContactLink.contact_id)
    )
    living = living.where(ContactLink.point_id == ContactPoint.id, Contact.merged_into_id.is_(None))
    shared = sa.or_(living.correlate(ContactPoint).scalar_subquery() > 1, ContactPoint.shared_as != "")
    uow.session.execute(
        sa.update(ContactPoint)
        .where(ContactPoint.id.in_(point_ids), ContactPoint.is_shared != shared)
        .values(is_shared=shared)
        .execution_options(synchronize_session=False)
    )


def _change(uow: UnitOfWork, contact_id: int, point_id: int, **columns: object) -> None:
    _kind(uow, contact_id, point_id)
    _set(uow, point_id, **columns)
    uow.record(ContactEdited(subject_id=contact_id))


def _set(uow: UnitOfWork, point_id: int, **columns: object) -> None:
    changed = sa.update(ContactPoint).where(ContactPoint.id == point_id).values(columns)
    uow.session.execute(changed.execution_options(synchronize_session=False))


def _kind(uow: UnitOfWork, contact_id: int, point_id: int) -> str:
    kind = uow.session.scalar(
        sa.select(ContactPoint.kind)
        .join(ContactLink, ContactLink.point_id == ContactPoint.id)
        .where(ContactLink.contact_id == contact_id, ContactPoint.id == point_id)
        .with_for_update(of=ContactPoint)
    )
    if kind is None:
        raise NotFound(point=point_id)
    return kind
