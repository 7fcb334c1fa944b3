"""What did not get through after every try, and "try again"; in demonstration mode, the mail that left."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import case_references
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, wiring, wording
from crm.interactions import KINDS, STATES
from crm.notifications import (
    RefusedMessage,
    outbox_state,
    parked_deliveries,
    refused_messages,
    retry_delivery,
)

bp = Blueprint("deliveries", __name__, url_prefix="/console")
_SHOWN = 100


@bp.get("/envois")
@needs(Permission.DELIVERY_MANAGE)
def show() -> str:
    with reading() as session:
        parked, refused = parked_deliveries(session), refused_messages(session)
        state = outbox_state(session, wiring().clock.now())
        cases = {p.subject_id for p in parked if p.subject_kind == "case"}
        cases |= {one.case_id for one in refused if one.case_id}
        references = case_references(session, sorted(cases), current_user.actor)
    return render_template(
        "web/deliveries/show.html",
        parked=parked,
        refused=refused,
        state=state,
        references=references,
        what=_what,
        then=_then,
        demo_mail=_demo(),
    )


def _what(one: RefusedMessage) -> str:
    """« Réponse · SMS »"""
    kind = _(KINDS.get(one.kind, one.kind))
    return f"{kind[:1].upper()}{kind[1:]} · {wording(one.channel, 'channel')}"


def _then(one: RefusedMessage) -> str:
    """What was done about it."""
    if not one.then_by:
        return _("Rien d’autre n’a été tenté")
    if one.then_by == "phone":
        return _("À rappeler") if one.then_state == "to_call" else _("Rappelé")
    left = one.then_state in {"sent", "printed"}
    state = _("parti") if left else _(STATES[one.then_state])
    return f"{wording(one.then_by, 'channel')} · {state}"


@bp.post("/envois/<int:delivery_id>")
@needs(Permission.DELIVERY_MANAGE)
def retry(delivery_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        retry_delivery(uow, delivery_id)
    return redirect(url_for("deliveries.show"), 303)


@bp.get("/courriels-sortis")
@needs(Permission.STYLE_VIEW)
def outbox() -> str:
    """Demonstration only: the mails that the embedded sink kept, the latest first."""
    if not _demo():
        abort(404)
    folder = Path(wiring().settings.var) / "outbox"
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)[:_SHOWN]
    return render_template("web/deliveries/outbox.html", mails=[_mail(file) for file in files])


def _demo() -> bool:
    settings = wiring().settings
    return settings.demo and (not settings.mail.host or settings.mail.host == "127.0.0.1")


def _mail(file: Path) -> dict[str, Any]:
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    text = mail.get_body(("plain",))
    return {
        "to": mail["X-Envelope-To"],
        "subject": mail["Subject"],
        "date": mail["Date"].datetime,
        "body": text.get_content() if text else "",
    }
