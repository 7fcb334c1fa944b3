"""Machines' doors: health, figures, Open311 and REST."""

from flask import Flask

from crm.api import health, hooks, metrics, open311, v1
from crm.http import csrf

_DOORS = (health, hooks, metrics, open311, v1)


def install(app: Flask) -> None:
    for door in _DOORS:
        app.register_blueprint(door.bp)
        # A machine shows its key with each request; no cookie gives any right here, so nothing can be forged.
        csrf.exempt(door.bp)
    metrics.install(app)
