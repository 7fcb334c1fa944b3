"""A call promised to a usager between two moments: a task for somebody, and a word that is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from crm.access import Permission
from crm.cases.actions.loading import hold
from crm.cases.events import CallPromised
from crm.cases.lifecycle import ENDED
from crm.foundation import IllegalStep, Invalid, UnitOfWork, clean
from crm.interactions import Interaction, Message, SendingState, queue_message

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=4)
FURTHEST = timedelta(days=30)
_A_MINUTE = timedelta(minutes=1)  # the window may end as the centre closes


def promise_call(
    uow: UnitOfWork, reference: str, *, message: Message, answers_at: Callable[[datetime], bool]
) -> int:
    """Returns the call to make; the same form sent twice promises one.

    Args:
        message: by telephone, with the two moments promised.
        answers_at: is somebody at the centre then?

    Raises:
        Invalid: no moment, one that is past or too far, nobody at work, nothing to say.
        IllegalStep: the demand has ended.
    """
    case = hold(uow, reference, Permission.CASE_TALK)
    if case.state in ENDED:
        raise IllegalStep(verb="promise_call", state=case.state)
    since, until = message.promised_at, message.promised_until
    if since is None or until is None:
        raise Invalid({"since": "required"})
    wrong = _problems(since, until, uow.now, answers_at)
    if wrong := wrong | ({} if message.body.strip() else {"words": "required"}):
        raise Invalid(wrong)
    if (known := _waiting(uow, case.id, message)) is not None:
        return known
    call_id = queue_message(uow, case, case.id, message)
    uow.record(
        CallPromised(
            subject_id=case.id, interaction_id=call_id, since=since.isoformat(), until=until.isoformat()
        )
    )
    return call_id


def _waiting(uow: UnitOfWork, case_id: int, message: Message) -> int | None:
    """The same call, promised already."""
    same = sa.select(Interaction.id).where(
        Interaction.case_id == case_id,
        Interaction.kind == message.kind,
        Interaction.state == SendingState.TO_CALL,
        Interaction.promised_at == message.promised_at,
        Interaction.promised_until == message.promised_until,
        Interaction.body == clean(message.body),
    )
    return uow.session.scalar(same.limit(1))


def _problems(
    since: datetime, until: datetime, now: datetime, answers_at: Callable[[datetime], bool]
) -> dict[str, str]:
    if until <= now:
        return {"day" if until.date() < now.astimezone(until.tzinfo).date() else "until": "past"}
    if not SHORTEST <= until - since <= LONGEST:
        return {"until": "call_too_short_or_long"}
    if since > now + FURTHEST:
        return {"day": "too_far"}
    if not answers_at(since):
        return {"since": "nobody_at_work"}
    return {} if answers_at(until - _A_MINUTE) else {"until": "nobody_at_work"}
