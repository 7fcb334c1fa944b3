"""Everything a process holds to do its work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import sqlalchemy as sa
from redis import Redis

from crm.channels import Channel, Receiver, open_channels, open_receivers
from crm.foundation import (
    Clock,
    Sessions,
    Settings,
    SettingsError,
    SystemClock,
    Units,
    configure_logs,
    open_engine,
    session_factory,
)
from crm.reactions import ON_DEMAND, REACTIONS
from crm.storage import Storage, open_storage
from crm.wiring.rulebooks import Rulebooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    settings: Settings
    engine: sa.Engine = field(repr=False)
    sessions: Sessions = field(repr=False)
    units: Units
    clock: Clock
    redis: Redis = field(repr=False)
    channels: Mapping[str, Channel]
    receivers: Mapping[str, Receiver]
    rulebooks: Rulebooks
    storage: Storage

    def close(self) -> None:
        self.engine.dispose()
        self.redis.close()


def wire(settings: Settings, *, forked: bool = False, clock: Clock | None = None) -> Wiring:
    """Assemble a process. Nothing is reached yet: servers may be down, and come back.

    Args:
        forked: True where a process forks after this call; connections are then never kept.

    Raises:
        SettingsError: no address for the database or for Redis.
    """
    missing = [name for name in ("database_url", "redis_url") if not getattr(settings, name)]
    if missing:
        raise SettingsError([f"{name} : aucune adresse de serveur" for name in missing])
    configure_logs()
    engine = open_engine(settings.database_url, forked=forked)
    sessions = session_factory(engine, alsace_moselle=settings.alsace_moselle)
    now_from = clock or SystemClock()
    return Wiring(
        settings=settings,
        engine=engine,
        sessions=sessions,
        units=Units(sessions, now_from, REACTIONS, ON_DEMAND),
        clock=now_from,
        redis=Redis.from_url(settings.redis_url, socket_connect_timeout=2, health_check_interval=30),
        channels=open_channels(settings),
        receivers=open_receivers(settings),
        rulebooks=Rulebooks(sessions, now_from),
        storage=open_storage(settings),
    )


@cache
def wiring() -> Wiring:
    """This process's own, from the settings: what a job finds when RQ calls it."""
    return wire(Settings.load())
