"""The page of components, in demonstration mode."""

from flask import Blueprint, abort, render_template

from crm.access import Permission
from crm.http import needs, wiring

bp = Blueprint("style", __name__)


@bp.get("/console/style")
@needs(Permission.STYLE_VIEW)
def show() -> str:
    if not wiring().settings.demo:
        abort(404)
    return render_template("web/style/show.html")
