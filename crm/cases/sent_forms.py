"""A form sent from the ground counts once, however often a bad network sends it."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from crm.cases.models import SentForm
from crm.foundation import UnitOfWork


def first_sending(uow: UnitOfWork, case_id: int, key: str) -> bool:
    """The caller holds the case. The key is kept with what the act does, or not at all."""
    row = {"key": key[:64], "case_id": case_id, "agent_id": uow.actor.id, "sent_at": uow.now}
    kept = uow.session.scalar(insert(SentForm).values(row).on_conflict_do_nothing().returning(SentForm.key))
    return kept is not None
