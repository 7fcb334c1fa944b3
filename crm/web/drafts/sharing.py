"""« Reprise assistée »: a code that a resident says opens their draft here; a link sends them ours."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from email_validator import EmailNotValidError
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from crm.access import Permission
from crm.cases import reserve_reference, spoken
from crm.contacts import display_phone, normalise_email, normalise_phone
from crm.foundation import Invalid, NotFound, UnitOfWork
from crm.http import gettext as _
from crm.http import limiter, needs, reasons, unit_of_work, whole_number, wiring
from crm.intake import AlreadySent, Kept, Typed, keep_draft, new_key, open_by_code, prepare_link, sign_link
from crm.interactions import queue_message
from crm.notifications import compose_continuation
from crm.web.drafts.blueprint import bp
from crm.web.drafts.typed import typed_in, with_contact
from crm.web.intake.forms import DemandForm
from crm.web.intake.online import as_boxes, as_typed, shared_key, sign_key
from crm.web.intake.views import page

_WRONG = 422


def _agent() -> str:
    return f"agent-{current_user.actor.id}"


def _is_wrong(response: object) -> bool:
    return getattr(response, "status_code", 200) == _WRONG


@bp.get("/reprise")
@needs(Permission.CASE_CREATE)
def by_code() -> str:
    return _code_page()


@bp.post("/reprise")
@needs(Permission.CASE_CREATE)
@limiter.limit("10 per 10 minutes", key_func=_agent, deduct_when=_is_wrong)
@limiter.limit("200 per hour", key_func=lambda: "codes", deduct_when=_is_wrong)
def take() -> ResponseReturnValue:
    """Wrong codes count against the agent, and against all of them together: nobody tries a million."""
    code = "".join(filter(str.isdigit, request.form.get("code", "")))
    secret = wiring().settings.secret_key.get_secret_value()
    try:
        with unit_of_work() as uow:
            kept = _taken(uow, code, secret)
    except NotFound:
        return _code_page(
            _("Ce code est inconnu, a déjà servi ou a expiré. Demandez-en un autre à l’usager.")
        ), _WRONG
    except AlreadySent as made:
        told = _("L’usager a déjà envoyé cette demande : %(reference)s.", reference=_reference(made))
        return _code_page(told), 409
    flash(_("Voici ce que l’usager a écrit en ligne. Il peut aussi l’envoyer lui-même."), "ok")
    return redirect(url_for("intake.new", brouillon=kept.id), 303)


def _taken(uow: UnitOfWork, code: str, secret: str) -> Kept:
    key, boxes = open_by_code(uow, code, secret=secret)
    desk = min(current_user.actor.places, default="")
    fields = {
        **as_typed(uow.session, boxes),
        "shared": sign_key(key),
        "channel": "desk" if desk else "phone",
        "call": str(whole_number(request.form.get("call")) or ""),
    }
    held = {name: [text] for name, text in fields.items() if text}
    return keep_draft(uow, Typed(key=reserve_reference(uow), fields=held))


def _code_page(wrong: str = "") -> str:
    return render_template(
        "web/drafts/code.html", wrong=wrong, call=whole_number(request.values.get("call")) or ""
    )


def _reference(made: AlreadySent) -> str:
    return spoken(str(made.details["reference"]))


@bp.post("/lien")
@needs(Permission.CASE_CREATE)
@limiter.limit("30 per hour", key_func=_agent)
def send_link() -> ResponseReturnValue:
    """The resident finishes online what is typed here; the form stays as a draft, for whoever is quicker."""
    read = typed_in(request.form)
    if read is None:
        abort(400)
    form = DemandForm(request.form)
    key = shared_key(form) or new_key()
    try:
        with unit_of_work() as uow:
            to = _send(uow, key, request.form.get("link_way", ""))
            kept = keep_draft(uow, _whole(uow.session, read[0], key))
    except Invalid as refusal:
        wrong = reasons(refusal)
        return page(form, wrong), _WRONG
    except AlreadySent:
        flash(_("Cette demande est déjà enregistrée."), "info")
        return redirect(url_for("drafts.show"), 303)
    flash(_("Lien envoyé : %(to)s. Vous pouvez aussi terminer ici.", to=to), "ok")
    return redirect(url_for("intake.new", brouillon=kept.id), 303)


def _send(uow: UnitOfWork, key: str, way: str) -> str:
    """Returns where it leaves for, in words.

    Raises:
        Invalid: nothing is said yet, or there is no way to reach them.
    """
    if not request.form.get("object", "").strip():
        raise Invalid({"object": "required"})
    recipient, words = recipient_of(request.form, way)
    settings = wiring().settings
    days = settings.sharing.letter_days if way == "letter" else settings.sharing.link_days
    shared_id, until = prepare_link(uow, key, as_boxes(request.form), channel=way, days=days)
    signed = sign_link(settings.secret_key.get_secret_value(), shared_id)
    link = f"{settings.centre.site_url.rstrip('/')}/signaler/reprise/{signed}"
    told = compose_continuation(
        uow.session, settings.centre, channel=way, recipient=recipient, link=link, until=until
    )
    queue_message(uow, None, None, told)
    return words


def recipient_of(typed: MultiDict[str, str], way: str) -> tuple[str, str]:
    """As the channel takes it, and as people read it: only what was typed here, for all to see.

    Raises:
        Invalid: names the box to fill.
    """
    if way == "email":
        with suppress(EmailNotValidError):
            return (address := normalise_email(typed.get("email", ""))), address
        raise Invalid({"email": "email"})
    if way == "sms" and "sms" in wiring().channels:
        number = normalise_phone(typed.get("phone", "")).e164
        if not number:
            raise Invalid({"phone": "phone"})
        return number, display_phone(number)
    lines = [line.strip() for line in typed.get("postal", "").splitlines() if line.strip()]
    if way != "letter" or not lines:
        raise Invalid({"postal": "required"})
    name = f"{typed.get('first_name', '')} {typed.get('family_name', '')}".strip()
    return "\n".join(filter(None, (name, *lines))), ", ".join(lines)


def _whole(session: Session, typed: Typed, key: str) -> Typed:
    fields = {**typed.fields, "shared": [sign_key(key)]}
    return with_contact(session, replace(typed, fields=fields, at_any_price=True))
