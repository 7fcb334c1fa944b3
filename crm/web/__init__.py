"""Agents' screens: they translate HTTP into one action or one query."""

from flask import Flask

from crm.web import entrance, style
from crm.web.frame import install_frame

_ROOMS = (entrance, style)


def install(app: Flask) -> None:
    for room in _ROOMS:
        app.register_blueprint(room.bp)
    install_frame(app)
