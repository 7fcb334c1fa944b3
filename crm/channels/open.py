"""Which channels this centre has."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from crm.channels import adapters
from crm.channels.port import Channel
from crm.foundation import Settings


def open_channels(settings: Settings) -> dict[str, Channel]:
    """The channels that the settings switch on, by key (the name of the adapter's file)."""
    built = {
        found.name: import_module(f"{adapters.__name__}.{found.name}").build(settings)
        for found in pkgutil.iter_modules(adapters.__path__)
    }
    return {key: channel for key, channel in built.items() if channel is not None}
