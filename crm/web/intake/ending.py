"""The end of a call that makes no case: one motive, then the next call."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import known_contacts
from crm.catalogue import dangers_in
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import in_sentence, needs, reading, reasons, unit_of_work, whole_number, wiring, wording
from crm.intake import draft_came_to_nothing
from crm.interactions import Call, end_call
from crm.web.intake.assists import LONGEST
from crm.web.intake.blueprint import bp
from crm.web.intake.calls import dangers_said_in, seconds_in
from crm.web.intake.drafts import reference_in
from crm.web.intake.forms import DemandForm
from crm.web.intake.ringing import say_what_call_was
from crm.web.intake.views import page


@bp.post("/appels/fin")
@needs(Permission.CASE_CREATE)
def end() -> ResponseReturnValue:
    """Keep why there is no demand, and what was said; of whoever said it, only whom we knew already."""
    call = _call()
    try:
        with unit_of_work() as uow:
            end_call(uow, call)
            say_what_call_was(uow, DemandForm(request.form))
            if key := reference_in(request.form.get("draft", "")):
                draft_came_to_nothing(uow, key)
    except Invalid as refusal:
        return page(DemandForm(request.form), reasons(refusal)), 422
    told = in_sentence(wording(call.reason, "call_reason"))
    flash(_("Appel terminé sans demande : %(reason)s.", reason=told), "ok")
    return redirect(url_for("intake.new"), 303)


def _call() -> Call:
    form, now = request.form, wiring().clock.now()
    catalogue, _index = wiring().rulebooks.categories()
    said = form.get("object", "")
    heard = {danger.code for danger in dangers_in(catalogue, said[:LONGEST])}
    told = {code for code in dangers_said_in(form, now) if catalogue.danger(code)}
    code = form.get("category") or form.get("any_category") or ""
    return Call(
        reason=form.get("reason", ""),
        said=said,
        contact_id=_known_contact(form.get("contact", "")),
        category_code=code if catalogue.category(code) else None,
        seconds=seconds_in(form),
        channel="phone_relay" if form.get("channel") == "phone_relay" else "phone",
        dangers_said=tuple(sorted(told)),
        dangers_unsaid=tuple(sorted(heard - told)),
    )


def _known_contact(chosen: str) -> int | None:
    contact_id = whole_number(chosen)
    if contact_id is None:
        return None
    with reading() as session:
        return contact_id if known_contacts(session, current_user.actor, [contact_id]) else None
