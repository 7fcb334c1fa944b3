"""`crm run all`: every part in the foreground, restarted when it dies, all stopped in order at the end."""

from __future__ import annotations

import http.client
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from crm.cli.child import Child
from crm.cli.embedded import CannotStart, Embedded
from crm.cli.parts import Part

_LOOK_SECONDS = 0.2
_PATIENCE_SECONDS = 60.0


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM. Not an Exception: nothing may swallow it."""


@contextmanager
def stopping_by_signal() -> Iterator[None]:
    """The first signal unwinds what runs; those that follow find us already stopping."""

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise StopAsked

    before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


class Supervisor:
    def __init__(self, embedded: Embedded, log: Path, port: int, say: Callable[[str], None]) -> None:
        self._embedded = embedded
        self._log = log
        self._port = port
        self._say = say
        self._children: list[Child] = []
        self._ready = False
        self._impatient_at = 0.0

    def start(self, parts: list[Part], environment: Mapping[str, str]) -> None:
        self._impatient_at = time.monotonic() + _PATIENCE_SECONDS
        for part in parts:
            log = self._log / f"{part.name}.log"
            if log.exists():
                log.replace(log.with_suffix(".log.1"))  # the time before stays readable
            child = Child(part, environment, log)
            self._children.append(child)
            child.start()

    def watch(self) -> None:
        """Until a signal: see supervision of each part and server, and say what happens."""
        while True:
            self._watch_servers()
            for child in self._children:
                if told := child.died():
                    self._say(told)
                elif child.revive():
                    self._say(f"« {child.part.name} » est relancé.")
            if not self._ready:
                self._announce()
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Who brings work in first, then who does it."""
        ranked = sorted(self._children, key=lambda child: child.part.stop_rank)
        for _, group in groupby(ranked, key=lambda child: child.part.stop_rank):
            together = list(group)
            for child in together:
                child.ask_to_stop()
            now = time.monotonic()
            for child in together:
                child.end(now + child.part.stop_seconds)

    def _watch_servers(self) -> None:
        for kind in self._embedded.dead():
            self._say(f"{kind.label} s’est arrêté ; relance.")
            try:
                self._embedded.ensure(kind)
                self._say(f"{kind.label} est relancé.")
            except CannotStart as refused:
                self._say(str(refused))
                time.sleep(1)

    def _announce(self) -> None:
        if answers(self._port):
            self._ready = True
            self._say(f"Ready: http://127.0.0.1:{self._port}")
        elif time.monotonic() > self._impatient_at:
            self._impatient_at = time.monotonic() + _PATIENCE_SECONDS
            self._say(f"Le site ne répond toujours pas. Journal : {self._log / 'web.log'}")


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
