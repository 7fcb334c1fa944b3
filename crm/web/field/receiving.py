"""The door of a telephone's queue: what it sends is done, or kept, and the telephone is told which."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import Mistyped, parse_reference
from crm.cases.ground import ACTS, Taken, answered, take_save
from crm.foundation import Invalid
from crm.http import needs, reading, takes_files, unit_of_work, whole_number
from crm.http.errors import problem
from crm.web.field.blueprint import bp
from crm.web.field.places import spot_of
from crm.web.field.pressed import is_key, photos, read_save
from crm.web.field.saying import said_taken


@bp.post("/envois")
@needs(Permission.CASE_RESOLVE, Permission.ORDER_DO)
@takes_files
def receive() -> ResponseReturnValue:
    """200: taken. 401: its agent must log in again. 503: later. Anything else: it stays in the telephone."""
    act, key = request.form.get("act", ""), request.form.get("key", "")
    if act not in ACTS or not is_key(key):
        abort(400)
    if whole_number(request.form.get("agent")) != current_user.actor.id:
        return problem(401, "another_agent")  # a shared telephone: nobody sends in somebody else's name
    with reading() as session:
        known = answered(session, current_user.actor.id, key)
    return _told(act, known, []) if known else _take(act)


def _take(act: str) -> ResponseReturnValue:
    try:
        reference = parse_reference(request.form.get("reference", ""))
    except Mistyped:
        abort(400)
    spot = spot_of(reference, whole_number(request.form.get("number")))
    before, after = photos(spot)
    if before.is_passing or after.is_passing:
        return problem(503, "photo_not_read")
    try:
        save = read_save(spot, before.tokens, after.tokens)
    except Invalid:
        abort(400)
    with unit_of_work() as uow:
        taken = take_save(uow, save)
    return _told(act, taken, [*before.refusals, *after.refusals])


def _told(act: str, taken: Taken, refusals: list[str]) -> dict[str, Any]:
    said = " ".join((said_taken(act, taken, of_order=bool(request.form.get("number"))), *refusals))
    return {"done": taken.is_done, "why": taken.why, "version": taken.version, "said": said}
