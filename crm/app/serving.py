"""The application as a production server holds it: everything loaded before processes fork, to be shared."""

from __future__ import annotations

import ctypes
import gc
from datetime import datetime

import phonenumbers
from babel.dates import format_date
from flask import Flask
from sqlalchemy.orm import configure_mappers

from crm.app.factory import create_app
from crm.deadlines import legal_holidays
from crm.foundation import PARIS, Settings

_M_ARENA_MAX = -8  # malloc.h
_PAGES = ("/login", "/mentions-legales")


def serving() -> Flask:
    """What each process would load at its first page is loaded here, once, out of the collector’s reach.

    A collector that walks over old objects writes in them, and memory that is written to is shared no more.
    """
    _keep_to_few_arenas()
    settings = Settings.load()
    app = create_app(settings)
    _warm(app, settings)
    app.extensions["crm"].close()  # a connection must never be shared by two processes
    gc.collect()
    gc.freeze()
    return app


def _keep_to_few_arenas() -> None:
    """glibc gives threads arenas of their own, each with holes; two a process serve as fast."""
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):
        allocator.mallopt(_M_ARENA_MAX, 2)


def _warm(app: Flask, settings: Settings) -> None:
    configure_mappers()
    app.url_map.update()
    today = datetime.now(PARIS).date()
    for year in (today.year, today.year + 1):
        legal_holidays(year, settings.alsace_moselle)
    for language in settings.languages:
        format_date(today, "EEEE d MMM y", locale=language)
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    phonenumbers.is_valid_number(phonenumbers.parse("+33199000000"))
    client = app.test_client()
    for page in _PAGES:
        for language in settings.languages:
            client.get(page, query_string={"lang": language})
