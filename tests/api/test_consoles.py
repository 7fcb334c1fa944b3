"""Open consoles on the production server: they hold no thread, and the right one hears within a breath."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from redis import Redis

from crm.cli.embedded import free_port
from crm.cli.server import web_command
from crm.foundation import SYSTEM, Settings, SystemClock, Units, open_engine, session_factory
from crm.foundation.settings import Web
from crm.http.consoles import tell_console
from crm.reactions import REACTIONS
from crm.staff import Agent
from tests import given
from tests.own_database import create_database
from tests.servers import Servers

_SECRET = "not a secret: a test"


@dataclass(frozen=True)
class Site:
    port: int
    redis_url: str
    karim: int
    salma: int

    def stream(self, agent_id: int) -> socket.socket:
        """A console that has begun to listen."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        asked = ("GET /console/appels/direct HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {_cookie(agent_id)}")
        line.sendall("\r\n".join((*asked, "", "")).encode())
        head = b""
        while b"retry" not in head:
            more = line.recv(4096)
            assert more, head
            head += more
        assert head.startswith(b"HTTP/1.1 200") and b"text/event-stream" in head
        return line


def _cookie(agent_id: int) -> str:
    app = Flask("cookies")
    app.secret_key = _SECRET
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    return f"crm={signer.dumps({'_user_id': f'{agent_id}-0'})}"


@pytest.fixture(scope="module")
def site(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One process, two threads: were a stream to hold one, the third page would never come."""
    url, port = create_database(servers.database_url, "consoles"), free_port()
    with Units(session_factory(open_engine(url, forked=True)), SystemClock(), REACTIONS).begin(SYSTEM) as uow:
        emails = given.agent(uow), given.agent(uow)
        ids = [uow.session.scalars(sa.select(Agent.id).where(Agent.email == email)).one() for email in emails]
    settings = Settings(
        database_url=url, redis_url=servers.redis_url, port=port, web=Web(processes=1, threads=2)
    )
    environment = {
        **os.environ, "DATABASE_URL": url, "REDIS_URL": servers.redis_url, "PORT": str(port),
        "CRM_SECRET_KEY": _SECRET, "CRM_MAIL_HOST": "127.0.0.1",
    }  # fmt: skip
    log = tmp_path_factory.mktemp("consoles") / "web.log"
    with log.open("wb") as said:
        server = subprocess.Popen(web_command(settings), env=environment, stdout=said, stderr=said)
        try:
            _wait(port, server, log)
            yield Site(port, servers.redis_url, ids[0], ids[1])
        finally:
            server.terminate()
            server.wait(20)
    assert b"Traceback" not in log.read_bytes(), log.read_text()


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    while server.poll() is None:
        try:
            if _alive(port) == 200:
                return
        except OSError:
            pass
    pytest.fail(log.read_text())


def _alive(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
    connection.close()
    return status


def _heard(line: socket.socket) -> int:
    said = b""
    while b"data: " not in said or not said.endswith(b"\r\n"):
        more = line.recv(4096)
        assert more, "the server hung up"
        said += more
    return int(json.loads(said.partition(b"data: ")[2].splitlines()[0])["call"])


def test_forty_consoles_hold_no_thread_and_the_right_ones_hear(site: Site) -> None:
    with ExitStack() as lines, Redis.from_url(site.redis_url) as redis:
        his = [lines.enter_context(site.stream(site.karim)) for _ in range(4)]
        hers = [lines.enter_context(site.stream(site.salma)) for _ in range(36)][-4:]
        assert [_alive(site.port) for _ in range(5)] == [200] * 5
        tell_console(redis, site.karim, {"call": 7})
        tell_console(redis, site.salma, {"call": 8})
        assert {_heard(line) for line in his} == {7}
        assert {_heard(line) for line in hers} == {8}


def test_whoever_left_troubles_nobody(site: Site) -> None:
    with Redis.from_url(site.redis_url) as redis:
        site.stream(site.karim).close()
        with site.stream(site.karim) as still:
            for call in (1, 2, 3):
                tell_console(redis, site.karim, {"call": call})
            assert _heard(still) in {1, 2, 3}
        assert _alive(site.port) == 200


def test_a_stranger_is_shown_the_door(site: Site) -> None:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=5)
    connection.request("GET", "/console/appels/direct", headers={"Accept": "application/json"})
    status = connection.getresponse().status
    connection.close()
    assert status == 401
