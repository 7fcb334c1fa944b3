"""Which addresses given by others we may call: public ones, and those that the operator trusts by name.

A name may lead to another address the next moment: what was checked is what is called (`PublicAddress.ip`).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from crm.channels.port import Refused
from crm.foundation import Unavailable

_PORTS = {"http": 80, "https": 443}
_LOWEST_FREE_PORT = 1024  # below stand mail, names, files: none of them is an HTTP server
_LONGEST = 2000
# Public by their number, private by their use: a cloud's own helper, IPv4 behind IPv6.
_NOT_FOR_US = (ip_network("168.63.129.16/32"), ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
Resolve = Callable[[str, int], Collection[str]]


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Args: `ip`: what was checked and is to be called; `target`: path and query."""

    scheme: str
    host: str
    port: int
    target: str
    ip: str


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def public_address(url: str, *, trusted: Collection[str] = (), resolve: Resolve = resolve) -> PublicAddress:
    """
    Args:
        trusted: names or addresses that the operator allows although they are inside.

    Raises:
        Refused: never to be called: not HTTP, malformed, or one of its addresses is not public.
        Unavailable: its name is not known now.
    """
    scheme, host, port, target = _parts(url)
    try:
        found = list(resolve(host, port))
    except (OSError, UnicodeError):
        raise Unavailable(why="name_unknown") from None
    if not found:
        raise Unavailable(why="name_unknown")
    if host not in trusted and not all(is_public(address) for address in found):
        raise Refused("private_address")
    return PublicAddress(scheme, host, port, target, found[0])


def check_url(url: str) -> None:
    """What can be said of it without asking anybody. Raises Refused."""
    _parts(url)


def _parts(url: str) -> tuple[str, str, int, str]:
    if len(url) > _LONGEST or not url.isprintable() or " " in url or "\\" in url:
        raise Refused("bad_address")
    try:
        cut = urlsplit(url)
        scheme, host, port = cut.scheme.lower(), (cut.hostname or "").rstrip("."), cut.port
    except ValueError:
        raise Refused("bad_address") from None
    if scheme not in _PORTS or not host or cut.username is not None or cut.password is not None:
        raise Refused("bad_address")
    if port is not None and port not in _PORTS.values() and port < _LOWEST_FREE_PORT:
        raise Refused("bad_address")
    target = (cut.path or "/") + (f"?{cut.query}" if cut.query else "")
    if not target.isascii():
        raise Refused("bad_address")
    return scheme, host, port or _PORTS[scheme], target


def is_public(address: str) -> bool:
    """Neither private, loopback, link-local, shared, reserved nor multicast; nor one of those in disguise."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(one) for one in (ip, *_disguised(ip)))


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if any(ip in network for network in _NOT_FOR_US if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _disguised(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """IPv4 addresses that an IPv6 one stands for."""
    if isinstance(ip, IPv4Address):
        return []
    through = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    return [one for one in through if one is not None]
