"""From the exchange's webhook to the strip in the agent's hands, with 200 consoles connected."""

from __future__ import annotations

import json
import random
import re
import socket
import time
from collections.abc import Iterator
from statistics import quantiles

import psycopg
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from bench.house import House
from bench.load import Call, exchange, get
from bench.plan import Plan
from bench.serving import site
from bench.table import Line, judged
from crm.channels import sign

_CONSOLES = 200
_CALLS = 200
_PATIENCE_SECONDS = 5
_AGENTS = """
    INSERT INTO agents (email, password_hash, first_name, last_name, organization_id, extension)
    SELECT 'bench-' || n || '@rivebois.example', 'none', 'Agent', n::text, organization_id, (9000 + n)::text
    FROM agents, generate_series(1, %s) n
    WHERE agents.id = (SELECT min(agent_id) FROM grants WHERE role = 'advisor')
    RETURNING id, extension
"""
_NUMBERS = """
    SELECT value FROM contact_points WHERE kind = 'phone' AND value LIKE '+33%%'
    ORDER BY md5(id::text) LIMIT %s
"""


def measure(house: House, _plan: Plan) -> Iterator[Line]:
    """Each call comes alone: what is measured is how long the agent waits, not how many calls a second."""
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        agents = connection.execute(_AGENTS, [_CONSOLES]).fetchall()
        for agent_id, _ in agents:
            connection.execute("INSERT INTO grants (agent_id, role) VALUES (%s, 'advisor')", [agent_id])
        numbers = [row[0] for row in connection.execute(_NUMBERS, [_CALLS])]
    with site(house):
        consoles = [_Console(house, agent_id, extension) for agent_id, extension in agents]
        try:
            waits = [_ring(house, random.choice(consoles), number) for number in numbers]
        finally:
            for console in consoles:
                console.line.close()
    seen = sorted(wait for wait in waits if wait is not None)
    yield Line(f"screen pop, {_CONSOLES} consoles, p50", round(seen[len(seen) // 2], 1), "ms")
    p95 = quantiles(seen, n=20)[-1]
    yield judged(
        f"screen pop, {_CONSOLES} consoles, p95", p95, "ms", "< 1000", lambda ms: ms < 1000, waits.count(None)
    )


class _Console:
    """A page that listens."""

    def __init__(self, house: House, agent_id: int, extension: str) -> None:
        self.extension, self.cookie = extension, _cookie(house, agent_id)
        self.line = socket.create_connection(house.address, timeout=_PATIENCE_SECONDS)
        self.line.sendall(_kept_open(get(house.address, "/console/appels/direct", self.cookie)))
        self._until(rb"retry: \d+\n\n")

    def call_told(self) -> str:
        return self._until(rb'data: \{"call": (\d+)\}')

    def _until(self, words: bytes) -> str:
        said = b""
        while not (found := re.search(words, said)):
            more = self.line.recv(65_536)
            if not more:
                raise ConnectionError(said[:200])
            said += more
        return found[found.lastindex or 0].decode()


def _kept_open(call: Call) -> bytes:
    return call.raw.replace(b"Connection: close\r\n", b"")


def _ring(house: House, console: _Console, number: str) -> float | None:
    """Milliseconds until the strip with this very number is there; None when it never came."""
    told = {"call": f"bench-{number}-{time.monotonic_ns()}", "event": "new", "caller": number}
    webhook = _signed(house, {**told, "agent": console.extension})
    began = time.monotonic()
    try:
        status, _ = exchange(house.address, webhook)
        strip = exchange(
            house.address, get(house.address, f"/console/appels/{console.call_told()}", console.cookie)
        )
    except OSError:
        return None
    waited = (time.monotonic() - began) * 1000
    return waited if status == 202 and strip[0] == 200 and number[-2:].encode() in strip[1] else None


def _signed(house: House, told: dict[str, str]) -> Call:
    body, stamp = json.dumps(told).encode(), str(int(time.time()))
    mark = sign(house.settings.phone.secret.get_secret_value(), told["call"], stamp, body)
    host, port = house.address
    head = (
        f"POST /hooks/phone HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nwebhook-id: {told['call']}\r\n"
        f"webhook-timestamp: {stamp}\r\nwebhook-signature: {mark}\r\n\r\n"
    )
    return Call(head.encode() + body, 202)


def _cookie(house: House, agent_id: int) -> str:
    """As if the password had been given two hundred times."""
    app = Flask("bench")
    app.secret_key = house.settings.secret_key.get_secret_value()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return f"crm={signer.dumps({'_user_id': f'{agent_id}-0'})}"
