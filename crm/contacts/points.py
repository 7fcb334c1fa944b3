"""One way to reach somebody: does it work, whose is it, do several have it?"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from crm.access import Permission, require
from crm.contacts.events import ContactEdited, PointFailed, PointVerified
from crm.contacts.models import SHARED_AS, Contact, ContactLink, ContactPoint
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


def verify_point(uow: UnitOfWork, contact_id: int, point_id: int) -> None:
    """They showed that it is theirs: they followed a link sent there, or showed a paper. It works, too.

    Raises:
        NotFound: the contact has no such point.
        Conflict: somebody else showed it to be theirs.
    """
    require(uow.actor, Permission.CONTACT_EDIT)
    kind = _kind(uow, contact_id, point_id)
    mine = sa.and_(ContactLink.contact_id == contact_id, ContactLink.point_id == point_id)
    try:
        with uow.session.begin_nested():
            uow.session.execute(
                sa.update(ContactLink)
                .where(mine, ContactLink.verified_at.is_(None))
                .values(verified_at=uow.now)
                .execution_options(synchronize_session=False)
            )
    except IntegrityError as taken:
        raise Conflict() from taken
    _set(uow, point_id, failed_at=None, failed_reason=None)
    uow.record(PointVerified(subject_id=contact_id, point_kind=kind))


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
