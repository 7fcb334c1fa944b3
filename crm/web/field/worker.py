"""The programme that opens the pages of the ground without network; its reach is the ground alone."""

from __future__ import annotations

from flask import Response, abort

from crm.access import Permission
from crm.http import needs
from crm.http.static_files import FOLDER, manifest
from crm.web.field.blueprint import bp

_BUILT = "field_worker.js"


@bp.get("/hors-reseau.js")
@needs(Permission.CASE_RESOLVE, Permission.ORDER_DO)
def worker() -> Response:
    path = FOLDER / manifest().get(_BUILT, _BUILT)
    if not path.is_file():
        abort(404)
    answer = Response(path.read_bytes(), mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = bp.url_prefix or ""
    answer.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    answer.headers["Cache-Control"] = "no-cache"  # a browser asks at each opening whether it changed
    return answer
