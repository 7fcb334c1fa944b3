"""Letters that arrived: a scan, the day it reached us, the day it bears. Kept first, then read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, allows
from crm.channels import Arrival, JoinedFile, Unreadable, bundled_scans
from crm.foundation import PARIS, SYSTEM, clean
from crm.http import gettext as _
from crm.http import needs, takes_files, unit_of_work, wiring
from crm.inbox import store_inbound, understand
from crm.web.inbox.making import make

bp = Blueprint("letters_in", __name__, url_prefix="/console")
_OLDEST = timedelta(days=730)
_MOST = 20
_LONGEST = 200
SCANS = "application/pdf,image/tiff,image/jpeg,image/png,.tif,.tiff"


@dataclass(frozen=True, slots=True)
class _Given:
    received_on: date | None
    written_on: date | None
    sender_name: str
    subject: str
    wrong: dict[str, str]


@bp.get("/courriers/arrives")
@needs(Permission.INBOUND_STORE)
def new() -> str:
    return _page({}, {"received_on": _today().isoformat()})


@bp.post("/courriers/arrives")
@needs(Permission.INBOUND_STORE)
@takes_files
def enter() -> ResponseReturnValue:
    """`then`: `form` opens the entry form with it; anything else leaves it to be sorted with the rest."""
    given = _given()
    if given.wrong:
        return _page(given.wrong, request.form), 422
    try:
        content, media_type = bundled_scans(_files())
    except Unreadable:
        return _page({"files": _("Choisissez un PDF, un TIFF ou des photos (JPEG, PNG).")}, request.form), 422
    inbound_id = _keep(given, content, media_type)
    if inbound_id is None:
        told = _("Ce courrier est déjà enregistré : le même fichier est arrivé avant.")
        return _page({"files": told}, request.form), 409
    _read(inbound_id)
    if request.form.get("then") == "form" and allows(current_user.actor, Permission.INBOUND_SORT):
        return make(inbound_id)
    flash(_("Courrier gardé. Il attend avec les messages à trier."), "ok")
    return redirect(url_for("letters_in.new"), 303)


def _keep(given: _Given, content: bytes, media_type: str) -> int | None:
    """As it came, before anything is read of it. The delays run from the day it reached us."""
    about = {
        "sender_name": given.sender_name,
        "subject": given.subject,
        "written_on": given.written_on.isoformat() if given.written_on else "",
        "entered_by": str(current_user.actor.id),
    }
    arrival = Arrival(
        external_id=sha256(content).hexdigest(),
        content=content,
        source=min(current_user.actor.places, default=""),
        media_type=media_type,
        about={name: value for name, value in about.items() if value},
        received_at=_moment(given.received_on),
    )
    with unit_of_work() as uow:
        return store_inbound(uow, "letter", arrival)


def _read(inbound_id: int) -> None:
    """At once, for whoever waits before the screen; the job that follows finds it done."""
    known = wiring()
    with unit_of_work(SYSTEM) as uow:
        understand(uow, known.receivers, inbound_id, known.settings)


def _files() -> list[JoinedFile]:
    sent = [file for file in request.files.getlist("files") if file.filename][:_MOST]
    return [JoinedFile(name=clean(file.filename or "")[:80], content=file.read()) for file in sent]


def _given() -> _Given:
    wrong: dict[str, str] = {}
    received, written = _day("received_on", wrong), _day("written_on", wrong)
    if received is None and "received_on" not in wrong:
        wrong["received_on"] = _("Donnez la date de réception : les délais en partent.")
    if received and written and written > received:
        wrong["written_on"] = _("Un courrier n’est pas écrit après avoir été reçu.")
    name, subject = (clean(request.form.get(field, ""))[:_LONGEST] for field in ("sender_name", "subject"))
    return _Given(received, written, name, subject, wrong)


def _day(field: str, wrong: dict[str, str]) -> date | None:
    typed = request.form.get(field, "").strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        wrong[field] = _("Donnez une date, par exemple 14/09/2026.")
        return None
    if not _today() - _OLDEST <= day <= _today():
        wrong[field] = _("Cette date est à venir, ou vieille de plus de deux ans.")
        return None
    return day


def _today() -> date:
    return wiring().clock.now().astimezone(PARIS).date()


def _moment(day: date | None) -> datetime | None:
    """Now for today; the post comes at nine on another day."""
    if day is None or day == _today():
        return None
    return datetime.combine(day, time(9), tzinfo=PARIS)


def _page(wrong: dict[str, str], typed: object) -> str:
    return render_template(
        "web/letters_in/new.html",
        wrong=wrong,
        errors=[{"href": f"#{name}", "text": text} for name, text in wrong.items()],
        typed=typed,
        sorts=allows(current_user.actor, Permission.INBOUND_SORT),
        scans=SCANS,
    )
