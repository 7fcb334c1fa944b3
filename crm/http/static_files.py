"""Built styles and scripts, found by their plain name and kept by browsers for a year."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

FOLDER = Path(__file__).parent / "static"
_ONE_YEAR = 31_536_000


@lru_cache(maxsize=1)
def manifest() -> dict[str, str]:
    """Plain name → hashed name. Empty when the assets were never built: `crm doctor` says so."""
    path = FOLDER / "manifest.json"
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def asset(name: str) -> str:
    return url_for("static", filename=manifest().get(name, name))


def install(app: Flask) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _ONE_YEAR
    app.jinja_env.globals["asset"] = asset
