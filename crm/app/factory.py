"""Assembles the application from its wiring."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from crm import api, portal, web
from crm.foundation import ROOT, Settings, SettingsError
from crm.http import (
    agents,
    consoles,
    dates,
    doors,
    errors,
    gate,
    identity,
    limits,
    readings,
    schema,
    security,
    static_files,
)
from crm.http.addresses import IdConverter, ReferenceConverter, TokenConverter
from crm.http.language import install as install_languages
from crm.http.wording import install as install_words
from crm.wiring import Wiring, wire


def create_app(settings: Settings | None = None, wired: Wiring | None = None) -> Flask:
    """The application that a server serves.

    Args:
        wired: for tests, which share one database and freeze the clock.

    Raises:
        SettingsError: no secret key to sign sessions with.
    """
    held = wired or wire(settings or Settings.load())
    known = held.settings
    if not known.secret_key.get_secret_value():
        raise SettingsError(["secret_key : aucune clé secrète (CRM_SECRET_KEY)"])
    app = Flask(
        "crm",
        root_path=str(ROOT / "crm"),
        template_folder=str(ROOT / "templates"),
        static_folder="http/static",
    )
    app.extensions["crm"] = held
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters |= {"reference": ReferenceConverter, "token": TokenConverter, "int": IdConverter}
    security.install(app, known)
    install_languages(app, known)
    install_words(app)
    limits.install(app, known)
    identity.install(app, known)
    for part in (doors, readings, schema, agents, gate, errors, dates, static_files, consoles):
        part.install(app)
    for door in (web, portal, api):
        door.install(app)
    return app
