"""How many mails the programme writes by itself to an address about a case: two robots soon fall silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.interactions.events import MessageCancelled
from crm.interactions.models import Interaction, SendingState

# Minutes → how many at most: what Zammad came to after years of loops.
CAPS = ((10, 10), (30, 15), (60, 25), (180, 50), (600, 100))
TOO_MANY = "too_many_automatic"


def hold_back_excess(uow: UnitOfWork, ids: Sequence[int], *, by_a_person: Sequence[str]) -> set[int]:
    """Cancel those of these mails, all written by the programme, that would be one too many. Returns them.

    Args:
        by_a_person: kinds that do not count: an agent wrote or reviewed them.
    """
    require(uow.actor, Permission.MESSAGE_SEND)
    if not ids:
        return set()
    leaving: Counter[tuple[int, str]] = Counter()
    excess = []
    for row in uow.session.execute(_sent_before(uow, ids, by_a_person)):
        now_leaving = leaving[row.case_id, row.recipient]
        if any(count + now_leaving >= most for count, (_, most) in zip(row[3:], CAPS, strict=True)):
            excess.append(row.id)
        else:
            leaving[row.case_id, row.recipient] += 1
    return _cancel(uow, excess)


def _sent_before(
    uow: UnitOfWork, ids: Sequence[int], by_a_person: Sequence[str]
) -> sa.Select[*tuple[Any, ...]]:
    """For each, how many left in each span; only those about a case, in the order they were queued."""
    new, old = aliased(Interaction), aliased(Interaction)
    counts = [
        sa.func.count(old.id).filter(old.sent_at > uow.now - timedelta(minutes=minutes))
        for minutes, _ in CAPS
    ]
    same = sa.and_(
        old.case_id == new.case_id,
        old.recipient == new.recipient,
        old.channel == "email",
        old.direction == "out",
        old.sent_at > uow.now - timedelta(minutes=CAPS[-1][0]),
        old.kind.not_in(by_a_person),
    )
    return (
        sa.select(new.id, new.case_id, new.recipient, *counts)
        .outerjoin(old, same)
        .where(new.id.in_(ids), new.case_id > 0)
        .group_by(new.id)
        .order_by(new.id)
    )


def _cancel(uow: UnitOfWork, ids: Sequence[int]) -> set[int]:
    if not ids:
        return set()
    rows = uow.session.execute(
        sa.update(Interaction)
        .where(Interaction.id.in_(ids))
        .values(state=SendingState.CANCELLED, last_error=TOO_MANY)
        .returning(Interaction.id, Interaction.case_id, Interaction.channel, Interaction.kind)
        .execution_options(synchronize_session=False)
    ).all()
    for row in rows:
        told = MessageCancelled(
            subject_id=row.case_id or 0, interaction_id=row.id, channel=row.channel, message_kind=row.kind
        )
        uow.record(told)
    return {row.id for row in rows}
