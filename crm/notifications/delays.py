"""The words of a delay: said before the date, with the reason an agent wrote and the new day."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.contacts import contact_card
from crm.foundation import PARIS
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.notifications.composing import compose_any_way
from crm.notifications.reaching import reach_of
from crm.notifications.wording import in_figures, in_words


def compose_delay(
    session: Session, centre: Centre, case: CaseSheet, *, motive: str, due_on: date, now: datetime
) -> Message | None:
    """To the usager, by the channel they chose; None when there is nobody to tell."""
    moment = datetime.combine(due_on, time(12), tzinfo=PARIS)
    card = contact_card(session, case.contact_id) if case.contact_id is not None else None
    way, _recipient = reach_of(case, card, case.answer_channel)
    said = in_figures if way == "sms" else in_words
    told = {"advice": motive.strip(), "due_date": said(moment)}
    return compose_any_way(session, centre, case, "delay", now, extra=told)
