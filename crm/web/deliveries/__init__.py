"""What did not get through after every try, and "try again"; in demonstration mode, the mail that left."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.cases import case_references
from crm.http import needs, reading, unit_of_work, wiring
from crm.notifications import outbox_state, parked_deliveries, retry_delivery

bp = Blueprint("deliveries", __name__, url_prefix="/console")
_SHOWN = 100


@bp.get("/envois")
@needs(Permission.DELIVERY_MANAGE)
def show() -> str:
    with reading() as session:
        parked = parked_deliveries(session)
        state = outbox_state(session, wiring().clock.now())
        references = case_references(session, [p.subject_id for p in parked if p.subject_kind == "case"])
    return render_template(
        "web/deliveries/show.html", parked=parked, state=state, references=references, demo_mail=_demo()
    )


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
