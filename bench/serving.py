"""The programmes under measure: the production web server, relay and workers, and what memory they take."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.house import House
from bench.load import Address, Call, exchange, get, post
from crm.cli.parts import PROGRAMMES
from crm.cli.server import web_command

_PATIENCE_SECONDS = 60


@contextmanager
def programme(house: House, name: str, *, count: int = 1) -> Iterator[None]:
    """relay, worker or timetable, as `crm run` starts them."""
    started = [_start(house, PROGRAMMES[name](house.settings), name) for _ in range(count)]
    try:
        yield
    finally:
        _stop(started)


@contextmanager
def site(
    house: House, argv: Sequence[str] | None = None, *, path: str = "/healthz"
) -> Iterator[subprocess.Popen[bytes]]:
    """The production server with two processes; `argv` starts another one in its place."""
    master = _start(house, list(argv or web_command(house.settings)), "web")
    try:
        _wait(house.address, path, master)
        yield master
    finally:
        _stop([master])


def _start(house: House, argv: Sequence[str], name: str) -> subprocess.Popen[bytes]:
    with (house.folder / "log" / f"{name}.log").open("ab") as log:
        return subprocess.Popen(argv, env=house.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


def _stop(started: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: Address, path: str, master: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        if master.poll() is not None:
            sys.exit("The web server stopped; see its log.")
        try:
            if exchange(address, get(address, path))[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("The web server does not answer.")


def logged_in(house: House, role: str) -> str:
    """The cookie of an agent with that role."""
    accounts = json.loads(house.accounts.read_text())["accounts"]
    person = next(account for account in accounts if account["role"] == role)
    _, page = exchange(house.address, get(house.address, "/login"))
    form = {"email": person["email"], "password": person["password"], "csrf_token": token_in(page)}
    status, answer = exchange(house.address, post(house.address, "/login", form, cookie_in(page)))
    if status != 303:
        sys.exit(f"{role} cannot log in: {status}")
    return cookie_in(answer)


def token_in(page: bytes) -> str:
    found = re.search(rb'name="csrf[-_]token"[^>]*(?:value|content)="([^"]+)"', page)
    return found[1].decode() if found else ""


def cookie_in(answer: bytes) -> str:
    found = re.findall(rb"^Set-Cookie: ([^;\r]+)", answer, re.MULTILINE | re.IGNORECASE)
    return "; ".join(part.decode() for part in found)


def warm(house: House, calls: Sequence[Call], times: int = 20) -> None:
    """Both processes fill what they keep."""
    for _ in range(times):
        for call in calls:
            exchange(house.address, call)


def memory_mb(master: subprocess.Popen[bytes]) -> float:
    """Proportional set size of the master and all it begot."""
    return sum(_pss(pid) for pid in _family(master.pid)) / 1024


def _family(pid: int) -> list[int]:
    own = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for file in own for child in file.read_text().split()]
    return [pid, *(one for child in children for one in _family(child))]


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1])
