"""Where providers tell us what arrived: one address a channel, kept before it is read."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from crm.api.at_once import understand_now
from crm.channels import Forged, Unreadable
from crm.foundation import SYSTEM
from crm.http import public, unit_of_work, wiring
from crm.inbox import store_inbound

bp = Blueprint("hooks", __name__, url_prefix="/hooks")
_MOST_BYTES = 1_000_000


@bp.post("/<channel>")
@public
def arrived(channel: str) -> ResponseReturnValue:
    """202 once it is kept, the first time and the next; 401 for what is not signed as agreed."""
    wired = wiring()
    hook = wired.receivers.get(channel)
    if hook is None or not hasattr(hook, "arrivals"):
        abort(404)
    if (request.content_length or 0) > _MOST_BYTES:
        abort(413)
    try:
        arrivals = hook.arrivals(request.headers, request.get_data(cache=False), wired.clock.now())
    except Forged:
        return {"error": "forged"}, 401
    except Unreadable as unreadable:
        return {"error": unreadable.reason}, 422
    with unit_of_work(SYSTEM) as uow:
        kept = [store_inbound(uow, channel, arrival) for arrival in arrivals]
    fresh = [one for one in kept if one is not None]
    if getattr(hook, "at_once", False):
        understand_now(wired, fresh)
    return {"kept": len(fresh), "known": kept.count(None)}, 202
