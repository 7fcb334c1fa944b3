"""What the map of a report is drawn with: our own outlines, fetched only by whoever opens it."""

from __future__ import annotations

import json

from flask import Response

from crm.http import limiter, public, reading
from crm.portal.report.views import bp
from crm.territory import outlines


@bp.get("/signaler/communes.geojson")
@public
@limiter.limit("120 per minute")
def communes_outlines() -> Response:
    with reading() as session:
        drawn = json.dumps(outlines(session))
    response = Response(drawn, mimetype="application/geo+json")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
