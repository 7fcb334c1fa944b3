"""The embedded mail server: keeps every outgoing mail as a file under var/outbox (see smtp_sink.py)."""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from crm.cli.embedded import smtp_sink
from crm.cli.embedded.launching import free_port, spawn, tied_to_us
from crm.cli.embedded.notes import Note

NAME = "smtp"
STOP_SECONDS = 5.0


def outbox(var: Path) -> Path:
    return var / "outbox"


def start(var: Path, previous: Note | None, *, tied: bool) -> Note:
    """On the same port as last time whenever possible. It accepts mail as soon as this returns."""
    folder = outbox(var)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = (previous and urlsplit(previous.url).port) or 0
    with (
        socket.create_server(("127.0.0.1", free_port(port))) as listening,
        (var / "log" / "smtp.log").open("ab") as log,
    ):
        argv = [
            sys.executable,
            smtp_sink.__file__,
            "--socket",
            str(listening.fileno()),
            "--folder",
            str(folder),
        ]
        process = spawn([*(tied_to_us() if tied else []), *argv], log, fds=[listening.fileno()])
        return Note(NAME, process.pid, process.born, f"smtp://127.0.0.1:{listening.getsockname()[1]}")


def stop(note: Note) -> None:
    note.process.stop(signal.SIGTERM, STOP_SECONDS)
