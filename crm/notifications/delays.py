"""The words of a delay: said before the date, with the reason an agent wrote and the new day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.notifications.composing import compose_any_way
from crm.notifications.saying import Values, noon


def compose_delay(
    session: Session, centre: Centre, case: CaseSheet, *, motive: str, due_on: date, now: datetime
) -> Message | None:
    """To the usager, by the channel they chose; None when there is nobody to tell."""
    told: Values = {"advice": motive.strip(), "due_date": noon(due_on)}
    return compose_any_way(session, centre, case, "delay", now, extra=told)
