"""Residents' pages: no account, no script, no session. They translate HTTP into one action or one query."""

from flask import Flask

from crm.http import csrf
from crm.portal import appointments, guests, pages, receipts, report, space, tracking
from crm.portal.frame import install_frame

_ROOMS = (pages, report, tracking, receipts, space, guests, appointments)


def install(app: Flask) -> None:
    for room in _ROOMS:
        app.register_blueprint(room.bp)
        # No session and no cookie gives any right here: what a forged form could do, anybody can do. A
        # tracking page is opened by its own secret address. A resident's space seals its own forms.
        csrf.exempt(room.bp)
    install_frame(app)
