"""Processes told apart by number and birth, so that we never signal somebody else's."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """One running programme. A number alone may be reused; with its birth it is unique until reboot."""

    pid: int
    born: int  # clock ticks since boot

    def is_alive(self) -> bool:
        return birth(self.pid) == self.born

    def send(self, number: signal.Signals) -> None:
        if self.is_alive():
            os.kill(self.pid, number)

    def wait(self, seconds: float) -> bool:
        """True once it is gone."""
        end = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        _reap(self.pid)
        return True

    def stop(self, number: signal.Signals, seconds: float) -> None:
        """Ask it to stop; past `seconds`, end it."""
        self.send(number)
        if not self.wait(seconds):
            self.send(signal.SIGKILL)
            self.wait(5)


def identify(pid: int) -> Process:
    """Raises ProcessLookupError when no such process runs."""
    born = birth(pid)
    if born is None:
        raise ProcessLookupError(pid)
    return Process(pid, born)


def birth(pid: int) -> int | None:
    """When the process was born, None when it is not there or only waits to be buried (Linux, proc(5))."""
    fields = _fields(pid)
    return None if not fields or fields[0] in "ZX" else int(fields[19])


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []


def _reap(pid: int) -> None:
    """A dead child stays in the table until its parent looks."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def descendants(pid: int) -> list[Process]:
    """Children, their children and so on, the youngest generation last."""
    begot: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(int(entry.name))) is not None:
            begot.setdefault(parent, []).append(int(entry.name))
    found: list[Process] = []
    generation = begot.get(pid, [])
    while generation:
        found += [Process(child, born) for child in generation if (born := birth(child)) is not None]
        generation = [grandchild for child in generation for grandchild in begot.get(child, [])]
    return found


def _parent(pid: int) -> int | None:
    fields = _fields(pid)
    return int(fields[1]) if fields else None


def _fields(pid: int) -> list[str]:
    """What proc(5) says after the programme's name; nothing when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()
