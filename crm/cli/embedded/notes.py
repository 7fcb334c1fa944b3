"""What runs under var/run: one note per server, by which other commands find it, and one lock each."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from crm.cli.embedded.processes import Process


@dataclass(frozen=True, slots=True)
class Note:
    """A server of ours: which process, and how to speak to it."""

    name: str
    pid: int
    born: int
    url: str

    @property
    def process(self) -> Process:
        return Process(self.pid, self.born)


def write_note(folder: Path, note: Note) -> None:
    """Readable by us alone: the address may hold a password."""
    temporary = folder / f".{note.name}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(note), file)
    temporary.replace(folder / f"{note.name}.json")


def last_note(folder: Path, name: str) -> Note | None:
    """What was written last, whether the server still runs or not."""
    try:
        return Note(**json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def read_note(folder: Path, name: str) -> Note | None:
    """The note of a server that still runs; None when there is none or it died."""
    note = last_note(folder, name)
    return note if note is not None and note.process.is_alive() else None


def remove_note(folder: Path, name: str) -> None:
    (folder / f"{name}.json").unlink(missing_ok=True)


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Hold a lock while starting or stopping. The kernel lets go of it if we die."""
    with (folder / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Use:
    """Says "I use this server" for as long as we live; the last user may stop it."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = (folder / f"{name}.users").open("w")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def end(self) -> bool:
        """Stop using. True when nobody else does."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            self._file.close()
        return True
