"""« Programmes abonnés »: who is told of what, whether they heard, and « Renvoyer »."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number, wiring, wording
from crm.trail import SENTENCES
from crm.webhooks import (
    TOLD,
    SendingLine,
    SubscriptionCard,
    SubscriptionGiven,
    change_subscription,
    make_subscription,
    one_subscription,
    renew_secret,
    secret_of,
    send_again,
    sendings_page,
    subscriptions,
)

bp = Blueprint("webhooks", __name__, url_prefix="/console/abonnements")
_A_PAGE = 50
_FILLED_IN = re.compile(r"\s*(?:[:;,(«“]|\b(?:le|on|for|to)\s+%\(|%\().*", re.S)
_NOTHING = SubscriptionGiven(name="", url="", kinds=())


@bp.get("")
@needs(Permission.WEBHOOK_MANAGE)
def show() -> str:
    return _list()


@bp.post("")
@needs(Permission.WEBHOOK_MANAGE)
def add() -> ResponseReturnValue:
    """The secret is shown on the page that answers, and never again."""
    try:
        with unit_of_work() as uow:
            salt = make_subscription(uow, _given(), trusted=_trusted())
    except Invalid as refusal:
        return _list(reasons(refusal)), 422
    return _list(secret=_secret(salt)), 201


@bp.get("/<int:subscription_id>")
@needs(Permission.WEBHOOK_MANAGE)
def one(subscription_id: int) -> str:
    return _sheet(subscription_id)


@bp.post("/<int:subscription_id>")
@needs(Permission.WEBHOOK_MANAGE)
def change(subscription_id: int) -> ResponseReturnValue:
    seen = whole_number(request.form.get("version")) or 0
    try:
        with unit_of_work() as uow:
            change_subscription(uow, subscription_id, _given(), seen_version=seen, trusted=_trusted())
    except Invalid as refusal:
        return _sheet(subscription_id, reasons(refusal)), 422
    except Conflict:
        flash(_("Un collègue vient de changer cet abonnement : voici où il en est."), "warn")
        return _sheet(subscription_id), 409
    flash(_("Abonnement enregistré."), "ok")
    return redirect(url_for("webhooks.one", subscription_id=subscription_id), 303)


@bp.post("/<int:subscription_id>/secret")
@needs(Permission.WEBHOOK_MANAGE)
def renew(subscription_id: int) -> str:
    with unit_of_work() as uow:
        salt = renew_secret(uow, subscription_id)
    return _sheet(subscription_id, secret=_secret(salt))


@bp.post("/envois/<int:sending_id>")
@needs(Permission.WEBHOOK_MANAGE)
def again(sending_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        subscription_id = send_again(uow, sending_id)
    flash(_("La notification repart."), "ok")
    return redirect(url_for("webhooks.one", subscription_id=subscription_id), 303)


def _list(wrong: dict[str, str] | None = None, secret: str = "") -> str:
    with reading() as session:
        cards = subscriptions(session, current_user.actor)
    return render_template(
        "web/webhooks/list.html",
        cards=cards,
        wrong=wrong or {},
        filled=_filled(_given() if wrong else _NOTHING),
        **_shared(secret),
    )


def _sheet(subscription_id: int, wrong: dict[str, str] | None = None, secret: str = "") -> str:
    undelivered = request.args.get("etat") == "a-envoyer"
    before = whole_number(request.args.get("avant"))
    with reading() as session:
        card = one_subscription(session, current_user.actor, subscription_id)
        lines = sendings_page(
            session,
            current_user.actor,
            subscription_id,
            before=before,
            only_undelivered=undelivered,
            limit=_A_PAGE + 1,
        )
    return render_template(
        "web/webhooks/one.html",
        card=card,
        lines=lines[:_A_PAGE],
        older=lines[_A_PAGE - 1].id if len(lines) > _A_PAGE else None,
        undelivered=undelivered,
        state_of=_state,
        wrong=wrong or {},
        filled=_filled(_given() if wrong else card),
        **_shared(secret),
    )


def _shared(secret: str) -> dict[str, Any]:
    units = sorted(wiring().rulebooks.units().values(), key=lambda unit: unit.name)
    words = {fact.kind: _words(fact.kind) for fact in TOLD}
    return {
        "secret": secret,
        "fact_words": words,
        "facts": [{"value": kind, "label": said, "detail": kind} for kind, said in words.items()],
        "units": [(unit.id, unit.name) for unit in units if unit.is_active],
    }


def _words(kind: str) -> str:
    """« Demande close », without what each fact fills in."""
    return _FILLED_IN.sub("", str(_(SENTENCES[kind].text))).rstrip(".")


def _state(line: SendingLine) -> str:
    told = {
        "waiting": _("En attente"),
        "sent": _("Reçue"),
        "stopped": _("Non envoyée"),
        "failed": _("En échec, nouvel essai prévu") if line.tries < _TRIES else _("En échec, mise de côté"),
    }
    said = told[line.state]
    if not line.last_error:
        return said
    return f"{said} ({_error(line.last_error)})"


_TRIES = 8


def _error(code: str) -> str:
    if code.startswith("http_"):
        return _("réponse %(status)s", status=code.removeprefix("http_"))
    known = wording(code, "delivery_error")
    return known[:1].lower() + known[1:]


def _given() -> SubscriptionGiven:
    return SubscriptionGiven(
        name=request.form.get("name", ""),
        url=request.form.get("url", ""),
        kinds=request.form.getlist("kinds"),
        unit_id=whole_number(request.form.get("unit_id")),
        is_active="is_active" in request.form,
    )


def _filled(of: SubscriptionGiven | SubscriptionCard) -> dict[str, Any]:
    """What stands in the form."""
    return {
        "name": of.name,
        "url": of.url,
        "kinds": list(of.kinds),
        "unit_id": of.unit_id or "",
        "is_active": of.is_active,
    }


def _trusted() -> tuple[str, ...]:
    return wiring().settings.outside.trusted_hosts


def _secret(salt: str) -> str:
    return secret_of(wiring().settings.secret_key.get_secret_value(), salt)
