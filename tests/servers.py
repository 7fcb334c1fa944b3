"""Real servers for a test run, in a folder of its own, gone with the run even if it is killed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crm.cli.embedded import Embedded, outbox


@dataclass(frozen=True, slots=True)
class Servers:
    database_url: str
    redis_url: str
    smtp_port: int
    outbox_folder: Path
    stop: Callable[[], None]


def start_test_servers(folder: Path) -> Servers:
    embedded = Embedded(folder, tied=True)
    embedded.start()
    settings = embedded.settings()
    return Servers(
        database_url=settings.database_url,
        redis_url=settings.redis_url,
        smtp_port=settings.mail.port,
        outbox_folder=outbox(embedded.var),
        stop=embedded.stop,
    )
