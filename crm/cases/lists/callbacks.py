"""Usagers to call back, for whoever reaches the case: the centre all of them, a desk those of its commune."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, everywhere, require, visible
from crm.cases.models import Case
from crm.cases.people.readable_exchanges import readable_exchanges
from crm.foundation import Actor, NotFound, UnitOfWork
from crm.interactions import (
    Exchange,
    Interaction,
    SendingState,
    calls_to_make,
    letters_to_print,
    mark_called,
)

_C: Any = cast(sa.Table, Case.__table__).c
_MOST = 200


def calls_within_reach(
    session: Session, actor: Actor, *, left_by: datetime | None = None, limit: int = _MOST
) -> list[Exchange]:
    """Those promised for a moment first, in its order; then the others, oldest first."""
    if everywhere(actor, Permission.CALLBACK_DO):
        return calls_to_make(session, actor, left_by=left_by, limit=limit, among=readable_exchanges(actor))
    reached = sa.select(_C.id).where(_C.id == Interaction.case_id, visible(actor, _C, Permission.CALLBACK_DO))
    return calls_to_make(session, actor, left_by=left_by, limit=limit, among=reached.exists())


def letters_within_reach(
    session: Session, actor: Actor, *, left_by: datetime | None = None
) -> list[Exchange]:
    """To be printed, the oldest first."""
    return letters_to_print(session, actor, left_by=left_by, among=readable_exchanges(actor))


def make_call(uow: UnitOfWork, interaction_id: int, note: str = "", *, reached: bool = True) -> None:
    """Somebody called back, about a case that they reach.

    Raises:
        NotFound: no such call is to be made, or it is none of theirs.
    """
    case = uow.session.scalar(
        sa.select(Case)
        .join(Interaction, Interaction.case_id == Case.id)
        .where(Interaction.id == interaction_id, Interaction.state == SendingState.TO_CALL)
    )
    if case is None and not everywhere(uow.actor, Permission.CALLBACK_DO):
        raise NotFound(interaction=interaction_id)
    require(uow.actor, Permission.CALLBACK_DO, case)
    mark_called(uow, interaction_id, note, reached=reached, reach=case)
