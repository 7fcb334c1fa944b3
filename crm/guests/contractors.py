"""What contractors did of what they were sent by a link: in time, late, contested by the usager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, visible
from crm.cases import Case
from crm.foundation import PARIS, Actor, EventRow
from crm.guests.models import GuestLink
from crm.guests.purposes import Answer, Purpose


@dataclass(frozen=True, slots=True)
class ContractorLine:
    """
    Args:
        late: not done, and its day has passed.
        contested: « ce n’est pas fait », said after they had reported it done.
    """

    unit_id: int
    sent: int
    done: int
    in_time: int
    late: int
    refused: int
    contested: int


def contractor_report(session: Session, actor: Actor, since: datetime, now: datetime) -> list[ContractorLine]:
    """One line a unit, of the links sent since a moment, within the actor's reach. One statement."""
    done, today = GuestLink.answer == Answer.DONE, now.astimezone(PARIS).date()
    done_on = sa.cast(sa.func.timezone(PARIS.key, GuestLink.ended_at), sa.Date)
    counts = (
        sa.func.count(),
        sa.func.count().filter(done),
        sa.func.count().filter(done, done_on <= GuestLink.due_on),
        sa.func.count().filter(GuestLink.ended_at.is_(None), GuestLink.due_on < today),
        sa.func.count().filter(GuestLink.answer == Answer.REFUSED),
        sa.func.count().filter(done, _contested()),
    )
    rows = session.execute(
        sa.select(GuestLink.unit_id, *counts)
        .join(Case, Case.id == GuestLink.case_id)
        .where(
            GuestLink.purpose == Purpose.WORK,
            GuestLink.asked_at >= since,
            GuestLink.revoked_at.is_(None),
            GuestLink.unit_id.is_not(None),
            visible(actor, Case, Permission.BOARD_VIEW),
        )
        .group_by(GuestLink.unit_id)
        .order_by(GuestLink.unit_id)
    )
    return [ContractorLine(row[0] or 0, *row[1:]) for row in rows]


def _contested() -> sa.ColumnElement[bool]:
    said = sa.select(EventRow.id).where(
        EventRow.subject_kind == "case",
        EventRow.subject_id == GuestLink.case_id,
        EventRow.kind == "case.reopened",
        EventRow.data["contested"].as_boolean(),
        EventRow.at > GuestLink.ended_at,
    )
    return said.exists()
