"""« Mes données »: what we hold of whoever proved this mailbox, to read and take away (GDPR, 15 and 20)."""

from __future__ import annotations

import json

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from crm.foundation import NotFound
from crm.http import limiter, public, wiring
from crm.portal.space.entering import visit
from crm.portal.space.telling import held_of, own_data
from crm.portal.space.views import NOT_INDEXED, bp, door


@bp.get("/mes-donnees")
@public
def data() -> ResponseReturnValue:
    found = visit()
    if found is None:
        return door(), NOT_INDEXED
    page = render_template(
        "portal/space/data.html", here="space", held=held_of(found.email), centre=wiring().settings.centre
    )
    return page, NOT_INDEXED


@bp.get("/mes-donnees.json")
@public
@limiter.limit("30 per hour")
def download() -> Response:
    """The whole of it, in a form a machine reads."""
    found = visit()
    if found is None:
        raise NotFound()
    answer = Response(
        json.dumps(own_data(found.email), ensure_ascii=False, indent=2), mimetype="application/json"
    )
    answer.headers["Content-Disposition"] = "attachment; filename=mes-donnees.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer
