"""The arrival as it came: its layout in a frame that can do nothing, its files, the whole to be saved."""

from __future__ import annotations

from io import BytesIO

from flask import Response, abort, send_file
from flask_login import current_user

from crm.access import Permission
from crm.attachments import clean_name
from crm.http import needs, reading, wiring
from crm.inbox import one_arrival, raw_of, read_again, safe_html
from crm.web.inbox.blueprint import bp
from crm.web.inbox.making import files_of

# The frame is of no origin: no script, no form, no link out of it, no picture but those it brought itself.
_FRAME = (
    "sandbox; default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_SAVED = "default-src 'none'; sandbox"
_JSON = ("application/json", "json")
_TYPES = {"email": ("message/rfc822", "eml"), "sms": _JSON, "social": _JSON}
_PLAIN = ("application/octet-stream", "bin")


@bp.get("/<int:inbound_id>/mise-en-forme")
@needs(Permission.INBOUND_SORT)
def layout(inbound_id: int) -> Response:
    wired = wiring()
    with reading() as session:
        sheet = one_arrival(session, current_user.actor, inbound_id)
        told = read_again(session, wired.storage, wired.receivers, sheet)
    shown = safe_html(told.html) if told else None
    if shown is None:
        abort(404)
    page = f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>{sheet.id}</title><body>{shown.html}'
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _FRAME
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@bp.get("/<int:inbound_id>/original")
@needs(Permission.INBOUND_SORT)
def original(inbound_id: int) -> Response:
    with reading() as session:
        sheet = one_arrival(session, current_user.actor, inbound_id)
        content = raw_of(session, wiring().storage, sheet)
    mimetype, extension = _TYPES.get(sheet.channel, _PLAIN)
    return _saved(content, f"arrivee-{sheet.id}.{extension}", mimetype)


@bp.get("/<int:inbound_id>/fichiers/<int:number>")
@needs(Permission.INBOUND_SORT)
def joined(inbound_id: int, number: int) -> Response:
    with reading() as session:
        sheet = one_arrival(session, current_user.actor, inbound_id)
        files = files_of(session, sheet)
    if not 1 <= number <= len(files):
        abort(404)
    file = files[number - 1]
    return _saved(file.content, clean_name(file.name), _PLAIN[0])


def _saved(content: bytes, name: str, mimetype: str) -> Response:
    """To be saved, never opened by the browser in our name."""
    answer = send_file(BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = _SAVED
    answer.headers["Cache-Control"] = "no-store"
    return answer
