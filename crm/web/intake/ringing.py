"""The call on one's telephone and the form: who calls, and what the call was about once it is written."""

from __future__ import annotations

from contextlib import suppress

from flask import request
from flask_login import current_user

from crm.contacts import display_phone
from crm.foundation import Conflict, NotFound, UnitOfWork
from crm.http import reading, whole_number
from crm.interactions import CallCard, call_for, qualify_call
from crm.web.intake.forms import DemandForm


def take_up_call(form: DemandForm) -> None:
    """`?appel=12`: the form is about this call of one's own; any other number is no call."""
    call = _call(request.args.get("appel", ""))
    form.call.data = str(call.id) if call else ""


def number_calling(form: DemandForm) -> str:
    """As it is typed; empty for a hidden one."""
    call = _call(form.call.data or "")
    return display_phone(call.caller) if call and call.caller else ""


def _call(said: str) -> CallCard | None:
    call_id = whole_number(said)
    if call_id is None:
        return None
    with suppress(NotFound), reading() as session:
        return call_for(session, current_user.actor.id, call_id)
    return None


def say_what_call_was(uow: UnitOfWork, form: DemandForm) -> None:
    """What was just written qualifies the call. A call that is none of theirs hinders no demand."""
    call_id = whole_number(form.call.data or "")
    if call_id is not None:
        with suppress(NotFound, Conflict):
            qualify_call(uow, call_id)
