"""Arrivals of demands that few may read: for the others, they did not come."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import not_barred
from crm.cases import Case
from crm.foundation import Actor
from crm.inbox.models import Inbound


def readable_arrivals(actor: Actor) -> sa.ColumnElement[bool]:
    """A condition on arrivals: the actor may read each of the demands that one made or joined."""
    cases = Case.__table__
    made = sa.func.jsonb_array_elements_text(Inbound.details["cases"]).table_valued("value")
    barred = sa.not_(not_barred(actor, sa.cast(made.c.value, sa.BigInteger), cases))
    return sa.and_(
        sa.or_(Inbound.case_id.is_(None), not_barred(actor, Inbound.case_id, cases)),
        ~sa.exists().select_from(made).where(barred),
    )
