"""Exchanges that are listed apart from their case: those of a case that few may read are left out."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import not_barred
from crm.cases.models import Case, Watcher
from crm.foundation import Actor
from crm.interactions import Interaction


def readable_exchanges(actor: Actor) -> sa.ColumnElement[bool]:
    """A condition on interactions, those to whoever follows a case among them."""
    cases = Case.__table__
    watched = sa.select(Watcher.id).where(sa.not_(not_barred(actor, Watcher.case_id, cases)))
    return sa.and_(
        sa.or_(Interaction.case_id.is_(None), not_barred(actor, Interaction.case_id, cases)),
        sa.or_(Interaction.watcher_id.is_(None), Interaction.watcher_id.not_in(watched)),
    )
