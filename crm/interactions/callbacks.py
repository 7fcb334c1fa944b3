"""Somebody is to be called back about a demand that was not finished: the line dropped."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import Permission, Reach, require
from crm.foundation import Invalid, UnitOfWork, clean
from crm.interactions.events import InteractionRecorded
from crm.interactions.models import Direction, Interaction, SendingState


def promise_call_back(
    uow: UnitOfWork, number: str, words: str, *, contact_id: int | None = None, kind: str = "callback"
) -> int:
    """A task among the calls to make, with no case yet. Returns its id.

    Args:
        number: E.164.
        words: what whoever calls should know and say.
        kind: callback (the line dropped) or missed_call (nobody answered).

    Raises:
        NotAllowed.
        Invalid: no number, or nothing to say.
    """
    require(uow.actor, Permission.CALLBACK_DO)
    kept = {"recipient": clean(number), "body": clean(words)}
    if wrong := {name: "required" for name, text in kept.items() if not text}:
        raise Invalid(wrong)
    row = Interaction(
        direction=Direction.OUT,
        channel="phone",
        kind=kind,
        state=SendingState.TO_CALL,
        contact_id=contact_id,
        agent_id=uow.actor.id,
        organization_id=uow.actor.organization_id,
        occurred_at=uow.now,
        created_at=uow.now,
        **kept,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(
        InteractionRecorded(subject_id=0, interaction_id=row.id, channel="phone", interaction_kind=kind)
    )
    return row.id


def attach_call_back(uow: UnitOfWork, interaction_id: int, case_id: int) -> None:
    """The demand was registered since: the call is about this case."""
    require(uow.actor, Permission.CASE_CREATE)
    uow.session.execute(
        sa.update(Interaction)
        .where(Interaction.id == interaction_id, Interaction.case_id.is_(None))
        .values(case_id=case_id)
        .execution_options(synchronize_session=False)
    )


def ask_to_reach(uow: UnitOfWork, case_id: int, words: str, *, contact_id: int | None) -> int:
    """A task among the calls to make, with no number: somebody finds how to reach them. Returns its id.

    Args:
        words: what could not be told.
    """
    require(uow.actor, Permission.MESSAGE_SEND)
    row = Interaction(
        case_id=case_id,
        direction=Direction.OUT,
        channel="phone",
        kind="to_reach",
        state=SendingState.TO_CALL,
        body=clean(words),
        contact_id=contact_id,
        organization_id=uow.actor.organization_id,
        occurred_at=uow.now,
        created_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(
        InteractionRecorded(
            subject_id=case_id, interaction_id=row.id, channel="phone", interaction_kind="to_reach"
        )
    )
    return row.id


def forget_call(uow: UnitOfWork, reach: Reach, interaction_id: int) -> None:
    """Cancel a call that is still to be made, when what it was to say is true no longer."""
    require(uow.actor, Permission.MESSAGE_SEND, reach)
    waits = sa.update(Interaction).where(
        Interaction.id == interaction_id, Interaction.state == SendingState.TO_CALL
    )
    uow.session.execute(
        waits.values(state=SendingState.CANCELLED).execution_options(synchronize_session=False)
    )
