"""Telling an open console something at once: one stream a browser, held without holding a thread.

A stream is opened by an ordinary request: same address, same cookie, same rights. Once its head has left, the
connection is taken out of the server's hands and its thread goes back to work; one thread a process listens
to Redis and writes to the connections of the agents concerned. Redis carries ids alone. Without it, or
behind a server that does not show its connection, consoles do without: nothing else depends on it.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, current_app
from redis import Redis, RedisError

_log = structlog.get_logger("consoles")
_CHANNEL = "crm:consoles"
_BREATH_SECONDS = 20.0  # a proxy or a browser that hears nothing for longer would hang up
_AGAIN_SECONDS = 2.0
_MOST_PAGES = 8  # of one agent in one process: a browser opens one, whatever the number of its tabs
_SOCKETS = ("gunicorn.socket", "werkzeug.socket")


def tell_console(redis: Redis, agent_id: int, what: Mapping[str, int]) -> None:
    """To every open page of this agent, on whatever host. Lost without a trace when Redis is not there."""
    with suppress(RedisError):
        redis.publish(_CHANNEL, json.dumps({"agent": agent_id, "what": dict(what)}))


def event(what: Mapping[str, int]) -> bytes:
    return f"data: {json.dumps(dict(what))}\n\n".encode()


class Consoles:
    """The connections that this process holds, by agent."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._lock = threading.Lock()
        self._held: defaultdict[int, list[_Line]] = defaultdict(list)
        self._listener: threading.Thread | None = None

    def stream(self, environ: Mapping[str, object], agent_id: int, first: bytes) -> Iterator[bytes] | None:
        """The body of the answer, which never ends; None when this server cannot hold it."""
        held = next((environ[name] for name in _SOCKETS if name in environ), None)
        if not isinstance(held, socket.socket):
            return None
        return self._handed_over(held, agent_id, first, str(environ.get("SERVER_PROTOCOL", "")))

    def _handed_over(
        self, held: socket.socket, agent_id: int, first: bytes, protocol: str
    ) -> Iterator[bytes]:
        self._listen()  # first, so that nothing falls between this moment and the next
        yield b"retry: 3000\n\n" + first
        line = _Line(_taken_from(held), is_chunked=protocol != "HTTP/1.0")
        with self._lock:
            lines = self._held[agent_id]
            lines.append(line)
            for oldest in lines[:-_MOST_PAGES]:
                oldest.close()
            del lines[:-_MOST_PAGES]
        self._listen()
        raise BrokenPipeError(errno.EPIPE, "the connection is in other hands")  # servers end quietly on this

    def hang_up(self, agent_id: int) -> None:
        """Whoever logged out hears nothing more, on whatever page or host; here even without Redis."""
        self._end(agent_id)
        with suppress(RedisError):
            self._redis.publish(_CHANNEL, json.dumps({"agent": agent_id, "over": True}))

    def _end(self, agent_id: int) -> None:
        with self._lock:
            for line in self._held.pop(agent_id, ()):
                line.close()

    def _listen(self) -> None:
        """Begun by the first stream: never before the process has forked."""
        with self._lock:
            if self._listener is None or not self._listener.is_alive():
                self._listener = threading.Thread(target=self._run, name="consoles", daemon=True)
                self._listener.start()

    def _run(self) -> None:
        while True:
            try:
                self._follow()
            except (RedisError, OSError, ValueError) as lost:
                _log.warning("consoles_without_redis", error=type(lost).__name__)
                if self._nobody_is_left():
                    return
                time.sleep(_AGAIN_SECONDS)

    def _nobody_is_left(self) -> bool:
        """Then the thread ends; the next stream begins another."""
        self._write(None, b": \n\n")
        with self._lock:
            if self._held:
                return False
            self._listener = None
            return True

    def _follow(self) -> None:
        with self._redis.pubsub(ignore_subscribe_messages=True) as heard:  # type: ignore[no-untyped-call]
            heard.subscribe(_CHANNEL)
            breath_at = time.monotonic() + _BREATH_SECONDS
            while True:
                message = heard.get_message(timeout=max(breath_at - time.monotonic(), 0.01))
                if message:
                    told = json.loads(message["data"])
                    self._hear(told)
                if time.monotonic() >= breath_at:
                    self._write(None, b": \n\n")
                    breath_at = time.monotonic() + _BREATH_SECONDS

    def _hear(self, told: dict[str, Any]) -> None:
        if told.get("over"):
            self._end(int(told["agent"]))
        else:
            self._write(int(told["agent"]), event(told["what"]))

    def _write(self, agent_id: int | None, said: bytes) -> None:
        """To one agent's pages, or to all; whoever does not take it at once has gone."""
        with self._lock:
            agents = [agent_id] if agent_id is not None else list(self._held)
            for agent in agents:
                still = [line for line in self._held.get(agent, ()) if line.write(said)]
                if still:
                    self._held[agent] = still
                else:
                    self._held.pop(agent, None)


class _Line:
    def __init__(self, connection: socket.socket, *, is_chunked: bool) -> None:
        self._connection = connection
        self._is_chunked = is_chunked
        connection.setblocking(False)

    def write(self, said: bytes) -> bool:
        framed = b"%x\r\n%s\r\n" % (len(said), said) if self._is_chunked else said
        try:
            if self._connection.send(framed) == len(framed):
                return True
        except OSError:
            pass
        self.close()
        return False

    def close(self) -> None:
        self._connection.close()


def _taken_from(held: socket.socket) -> socket.socket:
    """The same connection, ours alone. The server is left one that the other end has closed."""
    ours = held.dup()
    left, closed = socket.socketpair()
    closed.close()
    os.dup2(left.fileno(), held.fileno())
    left.close()
    return ours


def install(app: Flask) -> None:
    app.extensions["consoles"] = Consoles(app.extensions["crm"].redis)


def consoles() -> Consoles:
    held: Consoles = current_app.extensions["consoles"]
    return held
