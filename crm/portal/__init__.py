"""Residents' pages: no account, no script, no session. They translate HTTP into one action or one query."""

from flask import Flask
from werkzeug.routing import BaseConverter

from crm.http import csrf
from crm.portal import pages, report, tracking
from crm.portal.frame import install_frame

_ROOMS = (pages, report, tracking)


class TokenConverter(BaseConverter):
    """The secret of a message's link; anything else is no address of ours, and nothing is looked up."""

    regex = r"[A-Za-z0-9_-]{20,64}"


def install(app: Flask) -> None:
    app.url_map.converters["token"] = TokenConverter
    for room in _ROOMS:
        app.register_blueprint(room.bp)
        # No session and no cookie gives any right here: what a forged form could do, anybody can do. A
        # tracking page is opened by its own secret address.
        csrf.exempt(room.bp)
    install_frame(app)
