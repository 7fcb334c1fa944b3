"""Answers « STOP » once, by SMS, and « REPRENDRE »; what an agent or a space said needs no answer."""

from __future__ import annotations

from crm.contacts import refused_number
from crm.foundation import UnitOfWork
from crm.interactions import queue_message
from crm.notifications import compose_sms_wish
from crm.wiring import Wiring
from workers.facts import Fact

_KINDS = {"sms.refused": "sms_refused", "sms.accepted": "sms_accepted"}


def confirm_sms_wish(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    if fact.data["said_by"] != "sms" or not wired.settings.sms.confirms_stop:
        return
    number = refused_number(uow.session, fact.subject_id)
    kind, centre = _KINDS[fact.kind], wired.settings.centre
    message = compose_sms_wish(uow.session, centre, kind, number, uow.now)
    if message is not None:
        queue_message(uow, None, None, message)
