"""What does not come: a reminder before the day, once; after it, a word on the timeline, once."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import PARIS, UnitOfWork
from crm.guests.events import GuestOverdue
from crm.guests.models import GuestLink
from crm.guests.purposes import REMINDED_DAYS_BEFORE
from crm.guests.queries import GuestSheet, sheets

_AT_ONCE = 200
# Waiting for a first word; whoever took it in charge has answered.
_SILENT = sa.and_(GuestLink.ended_at.is_(None), GuestLink.answered_at.is_(None))


def to_remind(uow: UnitOfWork) -> list[GuestSheet]:
    """Those whose day comes near, marked as reminded in this very transaction."""
    require(uow.actor, Permission.MESSAGE_SEND)
    today = uow.now.astimezone(PARIS).date()
    near = sa.and_(
        _SILENT,
        GuestLink.due_on <= today + timedelta(days=REMINDED_DAYS_BEFORE),
        GuestLink.due_on >= today,
        GuestLink.reminded_at.is_(None),
        GuestLink.invited_at < uow.now - timedelta(days=1),  # nobody is reminded of this morning's mail
    )
    return _marked(uow, near, "reminded_at")


def to_call_silent(uow: UnitOfWork) -> list[GuestSheet]:
    """Those whose day has passed, said on the timeline in this very transaction."""
    require(uow.actor, Permission.MESSAGE_SEND)
    today = uow.now.astimezone(PARIS).date()
    late = sa.and_(_SILENT, GuestLink.due_on < today, GuestLink.overdue_at.is_(None))
    found = _marked(uow, late, "overdue_at")
    for sheet in found:
        uow.record(GuestOverdue(subject_id=sheet.case_id, link_id=sheet.id, purpose=sheet.purpose))
    return found


def _marked(uow: UnitOfWork, condition: sa.ColumnElement[bool], moment: str) -> list[GuestSheet]:
    """Whoever else watches passes over what we hold."""
    chosen = sa.select(GuestLink.id).where(condition).order_by(GuestLink.due_on, GuestLink.id)
    ids = uow.session.scalars(chosen.limit(_AT_ONCE).with_for_update(skip_locked=True)).all()
    these = sa.update(GuestLink).where(GuestLink.id.in_(ids))
    uow.session.execute(these.values({moment: uow.now}).execution_options(synchronize_session=False))
    return sheets(uow.session, GuestLink.id.in_(ids))
