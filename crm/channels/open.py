"""Which channels this centre has."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from crm.channels import adapters
from crm.channels.arrivals import Receiver
from crm.channels.port import Channel
from crm.foundation import Settings


def open_channels(settings: Settings) -> dict[str, Channel]:
    """The channels that the settings switch on, by key (the name of the adapter's file)."""
    return _built("build", settings)


def open_receivers(settings: Settings) -> dict[str, Receiver]:
    """The ways in that the settings switch on, by key (the name of the adapter's file)."""
    return _built("build_receiver", settings)


def _built(maker: str, settings: Settings) -> dict[str, Any]:
    """What each adapter that has such a maker makes of the settings; None when it is switched off."""
    built: dict[str, Any] = {}
    for found in pkgutil.iter_modules(adapters.__path__):
        adapter = import_module(f"{adapters.__name__}.{found.name}")
        make = getattr(adapter, maker, None)
        key = getattr(adapter, "CARRIES", found.name)  # another way for a channel that has its own adapter
        built[key] = (make(settings) if make else None) or built.get(key)
    return {key: way for key, way in built.items() if way is not None}
