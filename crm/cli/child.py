"""A part as it runs: started, watched, restarted with back-off, stopped with all it begot."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from crm.cli.embedded import descendants
from crm.cli.parts import Part

_LONGEST_PAUSE_SECONDS = 30
_STEADY_SECONDS = 60.0  # having lived that long, it starts again with a clean record


class Child:
    def __init__(self, part: Part, environment: Mapping[str, str], log: Path) -> None:
        self.part = part
        self.log = log
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._started_at = 0.0
        self._due_at: float | None = None

    def start(self) -> None:
        """In our process group, and tied to us: should we be killed, the kernel stops it."""
        tie = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*tie, *self.part.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
            )
        self._started_at, self._due_at = time.monotonic(), None

    def died(self) -> str | None:
        """Once for each death: how it ended and when it comes back, in French."""
        if self._process is None or self._due_at is not None or self._process.poll() is None:
            return None
        if time.monotonic() - self._started_at > _STEADY_SECONDS:
            self._failures = 0
        pause = min(2**self._failures, _LONGEST_PAUSE_SECONDS)
        self._failures += 1
        self._due_at = time.monotonic() + pause
        code = self._process.returncode
        end = f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
        return f"« {self.part.name} » s’est arrêté ({end}) ; relance dans {pause} s. Journal : {self.log}"

    def revive(self) -> bool:
        """Start it again when its pause is over."""
        if self._due_at is None or time.monotonic() < self._due_at:
            return False
        self.start()
        return True

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def end(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic), then kill it and what it begot."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            begotten = descendants(self._process.pid)
            self._process.kill()
            self._process.wait()
            for process in begotten:
                process.send(signal.SIGKILL)
