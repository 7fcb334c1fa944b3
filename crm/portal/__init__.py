"""Residents' pages: no account, no script; no session, but for the visit of a resident's space.

They translate HTTP into one action or one query.
"""

from flask import Flask

from crm.http import csrf
from crm.portal import appointments, guests, pages, receipts, report, space, tracking
from crm.portal.frame import install_frame

_ROOMS = (pages, report, tracking, receipts, space, guests, appointments)


def install(app: Flask) -> None:
    for room in _ROOMS:
        app.register_blueprint(room.bp)
        # No cookie gives any right here: what a forged form could do, anybody can do. A tracking page is
        # opened by its own secret address. A resident's space alone has a cookie: it seals its forms.
        csrf.exempt(room.bp)
    install_frame(app)
