"""The receipt itself, word for word, at the secret address that an SMS gives."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.http import limiter, public, reading
from crm.notifications import receipt_by_token

bp = Blueprint("receipt", __name__)


@bp.get("/accuse/<token:token>")
@public
@limiter.limit("60 per 15 minutes")
def show(token: str) -> ResponseReturnValue:
    """Reads only: whoever opens a link for the resident changes nothing."""
    with reading() as session:
        kept = receipt_by_token(session, token)
    page = render_template("portal/receipts/show.html", here="track", receipt=kept)
    return page, {"X-Robots-Tag": "noindex, nofollow"}
