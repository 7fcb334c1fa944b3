"""Addresses that others give us: public ones alone are called, and none of them holds us for long."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from crm.channels import Refused, call, public_address
from crm.channels.guard import is_public
from crm.foundation import Unavailable


def _to(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1",
        "::",
        "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1", "not an address",
    ],
)  # fmt: skip
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_what_is_outside_is(address: str) -> None:
    assert is_public(address)


def test_what_was_checked_is_what_is_called() -> None:
    found = public_address("https://photos.exemple.fr/a%20b.jpg?x=1#y", resolve=_to("93.184.216.34"))
    assert (found.scheme, found.host, found.port, found.target, found.ip) == (
        "https", "photos.exemple.fr", 443, "/a%20b.jpg?x=1", "93.184.216.34",
    )  # fmt: skip


def test_one_private_address_among_others_is_enough_to_refuse() -> None:
    with pytest.raises(Refused, match="private_address"):
        public_address("http://exemple.fr/", resolve=_to("93.184.216.34", "10.0.0.7"))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://localhost/", "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
    ],
)  # fmt: skip
def test_other_spellings_of_this_machine_are_seen_through(url: str) -> None:
    with pytest.raises((Refused, Unavailable)):
        public_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://exemple.fr/", "file:///etc/passwd", "//exemple.fr/", "http:///a", "http://a@exemple.fr/",
        "http://exemple.fr:25/", "http://exemple.fr:99999/", "http://exemple.fr/\r\nX: y", "http://é xemple/",
        "http://exemple.fr\\@10.0.0.1/", "http://" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_http_address_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="bad_address"):
        public_address(url, resolve=_to("93.184.216.34"))


def test_a_name_that_nobody_knows_may_be_known_later() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(Unavailable):
        public_address("http://exemple.fr/", resolve=unknown)


@pytest.fixture
def speaking() -> Iterator[Callable[[list[bytes]], int]]:
    """A server that says these pieces, a little apart from one another, then no more."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve(pieces: list[bytes]) -> int:
            def say() -> None:
                line, _ = listening.accept()
                with closing(line):
                    line.recv(4096)
                    for piece in pieces:
                        try:
                            line.sendall(piece)
                        except OSError:
                            return
                        time.sleep(0.02)

            threading.Thread(target=say, daemon=True).start()
            return int(listening.getsockname()[1])

        yield serve


def _call(port: int, **bounds: float) -> bytes:
    to = public_address(f"http://127.0.0.1:{port}/", trusted=["127.0.0.1"])
    return call(to, **bounds).body  # type: ignore[arg-type]


def test_an_answer_longer_than_wanted_is_cut(speaking: Callable[[list[bytes]], int]) -> None:
    for head in (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"):
        with pytest.raises(Refused, match="too_heavy"):
            _call(speaking([head, b"x" * 5000]), most_bytes=1000)


def test_who_speaks_for_ever_is_hung_up_on(speaking: Callable[[list[bytes]], int]) -> None:
    drops = [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 500]
    with pytest.raises(Unavailable):
        _call(speaking(drops), seconds=0.2)


def test_half_an_answer_is_none(speaking: Callable[[list[bytes]], int]) -> None:
    with pytest.raises(Unavailable):
        _call(speaking([b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"]))
