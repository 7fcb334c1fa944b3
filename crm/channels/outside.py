"""One HTTP exchange with somebody else's server, bounded in size and in time, to checked addresses alone."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urljoin

from crm.channels.guard import PublicAddress, public_address
from crm.channels.port import Refused
from crm.foundation import Unavailable

_PIECE = 64 * 1024
_MOST_HOPS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_AGENT = "sans-couture"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class _Plain(HTTPConnection):
    def __init__(self, to: PublicAddress, seconds: float) -> None:
        super().__init__(to.host, to.port, timeout=seconds)
        self._to = to

    def connect(self) -> None:
        self.sock = socket.create_connection((self._to.ip, self._to.port), self.timeout)


class _Secure(HTTPSConnection):
    def __init__(self, to: PublicAddress, seconds: float) -> None:
        self._known = ssl.create_default_context()
        super().__init__(to.host, to.port, timeout=seconds, context=self._known)
        self._to = to

    def connect(self) -> None:
        bare = socket.create_connection((self._to.ip, self._to.port), self.timeout)
        self.sock = self._known.wrap_socket(bare, server_hostname=self.host)


def call(
    to: PublicAddress,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = 15,
    most_bytes: int = 64 * 1024,
) -> Answer:
    """One question, one answer; redirections are not followed.

    Args:
        seconds: for the whole of it, however slowly the other side speaks.
        most_bytes: of the answer.

    Raises:
        Refused: a longer answer than that (`too_heavy`).
        Unavailable: no answer, or not in time.
    """
    connection = (_Secure if to.scheme == "https" else _Plain)(to, seconds)
    try:
        with _no_longer_than(connection, seconds):
            connection.request(method, to.target, body, {"User-Agent": _AGENT, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), _body(answer, most_bytes))
    except (OSError, HTTPException, ValueError) as wrong:
        raise Unavailable(why="no_answer") from wrong
    finally:
        connection.close()


def fetch(
    url: str, *, trusted: Collection[str] = (), seconds: float = 15, most_bytes: int = 64 * 1024
) -> Answer:
    """What an address holds, redirections followed a few times, each checked like the first.

    Raises:
        Refused: an address that is not to be called, too many redirections, or too long an answer.
        Unavailable: no answer, or not in time.
    """
    for _hop in range(_MOST_HOPS + 1):
        answer = call(public_address(url, trusted=trusted), seconds=seconds, most_bytes=most_bytes)
        moved = next((value for name, value in answer.headers.items() if name.lower() == "location"), "")
        if answer.status not in _MOVED or not moved:
            return answer
        url = urljoin(url, moved)
    raise Refused("too_many_redirections")


def _body(answer: HTTPResponse, most_bytes: int) -> bytes:
    if (answer.length or 0) > most_bytes:
        raise Refused("too_heavy")
    pieces, size = [], 0
    while piece := answer.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > most_bytes:
            raise Refused("too_heavy")
    if answer.length:
        raise HTTPException  # cut short: half a picture is no picture
    return b"".join(pieces)


@contextmanager
def _no_longer_than(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Each byte may come within its own time and all of them never end: the line is cut."""
    cut = threading.Event()

    def hang_up() -> None:
        cut.set()
        with suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(seconds, hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield
        if cut.is_set():
            raise HTTPException
    finally:
        watch.cancel()
