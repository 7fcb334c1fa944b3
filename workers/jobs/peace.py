"""What waits for the morning: an SMS that no person wrote or is waiting for, at each of its tries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from crm.foundation import Delivery, EventRow, UnitOfWork
from crm.interactions import QuietHours, peace_left
from crm.notifications import SMS_WISHES
from crm.wiring import Wiring

# Whoever sent the word waits for it; whoever is on call is called: neither the night nor a STOP holds these.
ANYWAY = SMS_WISHES | {"on_call"}


def leave_in_peace(wired: Wiring, uow: UnitOfWork, delivery_ids: Sequence[int]) -> list[int]:
    """Those of the deliveries that may be done now; by day, all, without a statement.

    The others come due when the quiet ends, and what was no try is not counted as one.
    """
    peace = peace_left(uow.now, _quiet(wired))
    if not peace:
        return list(delivery_ids)
    by_itself = sa.select(EventRow.id).where(
        EventRow.id == Delivery.event_id,
        EventRow.actor_kind == "system",
        EventRow.data["channel"].as_string() == "sms",
        EventRow.data["message_kind"].as_string().not_in(ANYWAY),
    )
    held = uow.session.scalars(
        sa.update(Delivery)
        .where(Delivery.id.in_(delivery_ids), Delivery.done_at.is_(None), by_itself.exists())
        .values(due_at=uow.now + peace, attempts=sa.func.greatest(Delivery.attempts - 1, 0))
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    return [one for one in delivery_ids if one not in set(held)]


def _quiet(wired: Wiring) -> QuietHours:
    sms, calendar = wired.settings.sms, wired.rulebooks.calendar()
    hours = QuietHours(begins=sms.quiet_from, ends=sms.quiet_until, sundays=sms.quiet_sundays)
    return replace(hours, is_holiday=calendar.is_holiday) if sms.quiet_holidays else hours
