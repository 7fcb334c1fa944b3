"""Asks an antivirus of a file before anything opens it: clamd's INSTREAM, over TCP or a local socket."""

from __future__ import annotations

import socket
import struct
from typing import BinaryIO

import structlog

from crm.foundation.settings import Files

_PIECE_BYTES = 256 * 1024
_LONGEST_ANSWER = 4096
_log = structlog.get_logger("scanner")


class ScannerAway(Exception):
    """It does not answer, or could not read the file."""


def infected(file: BinaryIO, limits: Files) -> str | None:
    """`virus`; `not_scanned` when the antivirus is away and files wait for it; None when it may go on."""
    if not limits.scanner:
        return None
    try:
        return "virus" if is_infected(file, limits.scanner, limits.timeout_seconds) else None
    except ScannerAway as away:
        _log.warning("scanner_away", why=str(away), accepted=limits.without_scanner == "accept")
        return None if limits.without_scanner == "accept" else "not_scanned"


def is_infected(file: BinaryIO, scanner: str, timeout_seconds: float) -> bool:
    """
    Args:
        scanner: `unix:/run/clamav/clamd.ctl`, or `host:3310`.

    Raises:
        ScannerAway.
    """
    file.seek(0)
    try:
        with _connected(scanner, timeout_seconds) as line:
            line.sendall(b"zINSTREAM\0")
            while piece := file.read(_PIECE_BYTES):
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            answer = _answer(line)
    except OSError as wrong:
        raise ScannerAway(type(wrong).__name__) from wrong
    if answer.endswith("FOUND"):
        return True
    if answer.endswith("OK"):
        return False
    raise ScannerAway("refused")  # too long for its own limit, for one


def answers(scanner: str, timeout_seconds: float) -> bool:
    """Is it there? For who installs it."""
    try:
        with _connected(scanner, timeout_seconds) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except OSError:
        return False


def _connected(scanner: str, timeout_seconds: float) -> socket.socket:
    if scanner.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(timeout_seconds)
        line.connect(scanner.removeprefix("unix:"))
        return line
    host, _colon, port = scanner.rpartition(":")
    return socket.create_connection((host, int(port)), timeout_seconds)


def _answer(line: socket.socket) -> str:
    found = b""
    while not found.endswith(b"\0") and len(found) < _LONGEST_ANSWER and (piece := line.recv(1024)):
        found += piece
    return found.rstrip(b"\0\n").decode("utf-8", "replace")
