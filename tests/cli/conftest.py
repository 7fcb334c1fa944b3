"""Commands run as a person runs them: in processes of their own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm.cli.embedded import descendants, free_port
from crm.foundation import ROOT


@pytest.fixture
def port() -> int:
    return free_port()


class House:
    """The small house of house.py, watched from outside."""

    def __init__(self, var: Path, port: int) -> None:
        self.out = var.with_suffix(".out")
        with self.out.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.house", str(var), str(port)],
                cwd=ROOT,
                stdout=out,
                stderr=out,
            )

    def says(self, words: str, seconds: float = 20) -> bool:
        return eventually(lambda: words in self.out.read_text(), seconds)

    def part(self, words: str) -> int:
        """The number of the process of the family whose command line has these words."""
        for process in descendants(self.process.pid):
            if words in Path(f"/proc/{process.pid}/cmdline").read_text():
                return process.pid
        raise AssertionError(f"no process with {words!r}")


@pytest.fixture
def house(tmp_path: Path, port: int) -> Iterator[House]:
    started = House(tmp_path / "house", port)
    yield started
    started.process.kill()
    started.process.wait()


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
