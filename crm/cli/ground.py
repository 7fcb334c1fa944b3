"""What a command stands on: settings, and servers found or started for as long as it lasts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm.cli.embedded import KINDS, Embedded, Kind, needed
from crm.foundation import ROOT, Settings, SettingsError

DATABASE = tuple(kind for kind in KINDS if kind.name == "postgres")


def var_folder(settings: Settings) -> Path:
    """CRM_VAR counts from where one stands, the default from the project's folder."""
    return settings.var.resolve() if os.environ.get("CRM_VAR") else (ROOT / settings.var).resolve()


@contextmanager
def servers(kinds: tuple[Kind, ...] = KINDS) -> Iterator[Settings]:
    """Settings that name every server asked for. Programmes started meanwhile find them too.

    Raises:
        SettingsError, CannotStart.
    """
    settings = Settings.load()
    wanted = tuple(kind for kind in needed(settings) if kind in kinds)
    embedded = Embedded(var_folder(settings), wanted)
    embedded.start()
    before = dict(os.environ)
    os.environ.update(embedded.environment())
    try:
        yield Settings.load()
    finally:
        os.environ.clear()
        os.environ.update(before)
        embedded.stop()


def secret_key(settings: Settings) -> str:
    """The one of the settings; else, for a demonstration, one kept under var/: a restart logs nobody out.

    Raises:
        SettingsError: none is set and people are really served: each host would make its own.
    """
    if settings.secret_key.get_secret_value():
        return settings.secret_key.get_secret_value()
    if not settings.demo:
        raise SettingsError(
            ["secret_key : hors démonstration, donnez-en une, la même à toutes les machines (CRM_SECRET_KEY)"]
        )
    file = var_folder(settings) / "secret-key"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="utf-8")
    with os.fdopen(descriptor, "w", encoding="utf-8") as fresh:
        fresh.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="utf-8")
