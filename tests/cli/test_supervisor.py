"""`crm run all` keeps its parts alive and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from crm.cli.embedded import Process, descendants
from crm.cli.embedded.redis import binary
from tests.cli.conftest import House, eventually


def _all_gone(family: list[Process]) -> Callable[[], bool]:
    return lambda: not any(process.is_alive() for process in family)


def test_a_killed_part_is_said_and_comes_back(house: House, port: int) -> None:
    assert house.says(f"Ready: http://127.0.0.1:{port}")
    # when
    os.kill(house.part("http.server"), signal.SIGKILL)
    # then
    assert house.says("« web » s’est arrêté (signal SIGKILL) ; relance dans 1 s.")
    assert house.says("« web » est relancé.")
    assert eventually(lambda: _listens(port))


def test_a_killed_server_comes_back_with_the_same_address(house: House) -> None:
    assert house.says("Ready:")
    # when
    os.kill(house.part(Path(binary()).name), signal.SIGKILL)
    # then
    assert house.says("Redis est relancé.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_it_started_even_the_stubborn(house: House, number: signal.Signals) -> None:
    assert house.says("Ready:")
    family = descendants(house.process.pid)
    assert len(family) >= 5  # two parts, PostgreSQL and its own, Redis, the mail sink
    # when
    house.process.send_signal(number)
    # then
    assert house.process.wait(20) == 0
    assert house.says("stopped")
    assert _all_gone(family)()


def test_killed_outright_it_leaves_no_orphan(house: House) -> None:
    assert house.says("Ready:")
    family = [process for process in descendants(house.process.pid)]
    stubborn = house.part("SIG_IGN")
    # when
    house.process.kill()
    house.process.wait()
    os.kill(stubborn, signal.SIGKILL)  # it ignores every polite signal, the kernel's included
    # then
    assert eventually(_all_gone(family))


def _listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0
