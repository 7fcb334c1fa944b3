"""« Promettre un rappel »: the two hours between which we will call, said aloud and kept."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, require
from crm.cases import CaseSheet, one_case, promise_call
from crm.contacts import ContactCard, contact_card, display_phone
from crm.foundation import IllegalStep, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, wiring
from crm.http.dates import full_day, hour, today
from crm.interactions import Message
from crm.notifications import reach_of
from crm.web.appointments.blueprint import bp
from crm.web.explaining import category_label


@bp.get("/demandes/<reference:reference>/rappel")
@needs(Permission.CASE_TALK)
def call_back(reference: str) -> str:
    return _page(*_case(reference))


@bp.post("/demandes/<reference:reference>/rappel")
@needs(Permission.CASE_TALK)
def promise(reference: str) -> ResponseReturnValue:
    case, card = _case(reference)
    try:
        message = _typed(case, card)
        with unit_of_work() as uow:
            promise_call(uow, reference, message=message, answers_at=wiring().rulebooks.calendar().is_open)
    except Invalid as refusal:
        return _page(case, card, reasons(refusal)), 422
    except IllegalStep:
        flash(_("Cette demande est close : rouvrez-la, ou appelez maintenant."), "warn")
        return redirect(url_for("cases.show", reference=reference), 303)
    flash(_said(message), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


def _case(reference: str) -> tuple[CaseSheet, ContactCard | None]:
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        require(current_user.actor, Permission.CASE_TALK, case)
        card = contact_card(session, case.contact_id) if case.contact_id is not None else None
    return case, card


def _number(case: CaseSheet, card: ContactCard | None) -> str:
    return reach_of(case, card, "phone", among={"phone"})[1]


def _typed(case: CaseSheet, card: ContactCard | None) -> Message:
    """
    Raises:
        Invalid: not a day, not an hour, nobody to call.
    """
    form, wrong = request.form, {}
    day, begins, ends = date.min, time(), time()
    try:
        day = date.fromisoformat(form.get("day", "").strip())
    except ValueError:
        wrong["day"] = "not_a_date"
    hours = {"since": begins, "until": ends}
    for name in hours:
        try:
            hours[name] = time.fromisoformat(form.get(name, "").strip())
        except ValueError:
            wrong[name] = "not_an_hour"
    number = _number(case, card)
    if not number:
        wrong["day"] = "no_way_to_answer"
    if wrong:
        wrong |= {} if form.get("words", "").strip() else {"words": "required"}
        raise Invalid(wrong)
    zone = wiring().rulebooks.calendar().time_zone
    return Message(
        kind="call_back",
        channel="phone",
        recipient=number,
        body=form.get("words", ""),
        contact_id=case.contact_id,
        is_public=False,  # what is to be said, for whoever calls
        promised_at=datetime.combine(day, hours["since"], tzinfo=zone),
        promised_until=datetime.combine(day, hours["until"], tzinfo=zone),
    )


def _said(message: Message) -> str:
    """What the agent says before hanging up."""
    since, until = message.promised_at, message.promised_until
    if since is None or until is None:
        return ""
    return _(
        "À dire : « Nous vous rappelons %(day)s, entre %(since)s et %(until)s, au %(number)s. »",
        day=full_day(since),
        since=hour(since),
        until=hour(until),
        number=display_phone(message.recipient),
    )


def _page(case: CaseSheet, card: ContactCard | None, wrong: dict[str, str] | None = None) -> str:
    return render_template(
        "web/appointments/call_back.html",
        case=case,
        category_label=category_label(case.category_code),
        name=card.display_name if card else "",
        number=display_phone(_number(case, card)),
        tomorrow=(today() + timedelta(days=1)).isoformat(),
        typed=request.form,
        wrong=wrong or {},
    )
