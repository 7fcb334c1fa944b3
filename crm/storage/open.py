"""Which storage the settings ask for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from crm.foundation import Settings
from crm.storage import adapters
from crm.storage.port import Storage


def open_storage(settings: Settings) -> Storage:
    """Nothing is reached yet. A process loads the one adapter that it uses."""
    name = "s3" if settings.files.s3_url else "folder"
    return cast(Storage, import_module(f"{adapters.__name__}.{name}").build(settings))
