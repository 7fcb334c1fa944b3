"""A mail server that keeps every accepted mail as one file: `python -m crm.cli.embedded.smtp_sink`.

Our own rather than aiosmtpd, which takes 600 mails/s where this takes several thousand on the same core:
the embedded sink must never be what limits the sending of mail.
"""

from __future__ import annotations

import argparse
import itertools
import re
import signal
import socket
import socketserver
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

_LIMIT_BYTES = 36 * 1024 * 1024
_LINE_BYTES = 1000  # RFC 5321 §4.5.3.1.6
_EXTENSIONS = (
    "localhost",
    "PIPELINING",
    "8BITMIME",
    "SMTPUTF8",
    "ENHANCEDSTATUSCODES",
    f"SIZE {_LIMIT_BYTES}",
)
_PATH = re.compile(r"^(?:FROM|TO):\s*<([^<>\r\n]*)>", re.IGNORECASE)


class Sink(socketserver.ThreadingTCPServer):
    """One thread a connection; one file an accepted mail."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, listening: socket.socket, folder: Path) -> None:
        super().__init__(listening.getsockname(), Dialogue, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.server_activate()
        self._folder = folder
        self._numbers = itertools.count(1)

    def keep(self, sender: str, recipients: list[str], content: bytes) -> str:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{next(self._numbers):06d}.eml"
        head = f"X-Envelope-To: {', '.join(recipients)}\r\nX-Envelope-From: {sender}\r\n"
        temporary = self._folder / f".{name}"
        temporary.write_bytes(head.encode() + content)
        temporary.rename(self._folder / name)  # whoever reads the folder never meets half a mail
        return name


class Dialogue(socketserver.StreamRequestHandler):
    """What RFC 5321 asks of a receiver, and no more."""

    timeout = 300
    disable_nagle_algorithm = True
    sender: str | None
    recipients: list[str]

    def handle(self) -> None:
        self._forget()
        self._say("220 localhost ESMTP")
        try:
            while line := self.rfile.readline(_LINE_BYTES):
                verb, _, rest = line.decode(errors="replace").strip().partition(" ")
                if verb.upper() == "QUIT":
                    self._say("221 2.0.0 Bye")
                    return
                self._say(self._answer(verb.upper(), rest.strip()))
        except (TimeoutError, ConnectionError):
            return  # the sender went away; what it had not finished was never accepted

    def _answer(self, verb: str, rest: str) -> str:
        match verb:
            case "EHLO":
                self._forget()
                return "\r\n".join([f"250-{e}" for e in _EXTENSIONS[:-1]] + [f"250 {_EXTENSIONS[-1]}"])
            case "HELO" | "RSET" | "NOOP":
                if verb != "NOOP":
                    self._forget()
                return "250 2.0.0 OK"
            case "MAIL":
                return self._mail(rest)
            case "RCPT":
                return self._recipient(rest)
            case "DATA":
                return self._data()
        return "502 5.5.2 Not understood here"

    def _mail(self, rest: str) -> str:
        path = _PATH.match(rest)
        if not path:
            return "501 5.1.7 MAIL FROM:<address>"
        self._forget()
        self.sender = path[1]
        return "250 2.1.0 OK"

    def _recipient(self, rest: str) -> str:
        path = _PATH.match(rest)
        if self.sender is None:
            return "503 5.5.1 MAIL first"
        if not path or not path[1]:
            return "501 5.1.3 RCPT TO:<address>"
        if path[1].endswith("@busy.invalid"):
            return "451 4.2.0 Mailbox busy, try again later"
        if path[1].endswith(".invalid"):  # RFC 2606 keeps `.invalid` for what never exists
            return "550 5.1.1 No such mailbox"
        self.recipients.append(path[1])
        return "250 2.1.5 OK"

    def _data(self) -> str:
        if self.sender is None or not self.recipients:
            return "503 5.5.1 RCPT first"
        self._say("354 End with a dot alone")
        content = self._content()
        if content is None:
            return "552 5.3.4 Too big"
        name = cast(Sink, self.server).keep(self.sender, self.recipients, content)
        self._forget()
        return f"250 2.0.0 Kept as {name}"

    def _content(self) -> bytes | None:
        """Up to the dot alone; None when it is too big. A line's doubled first dot is made single again."""
        lines: list[bytes] = []
        size = 0
        while (line := self.rfile.readline(_LIMIT_BYTES)) != b".\r\n":
            if not line:
                raise ConnectionResetError
            size += len(line)
            if size <= _LIMIT_BYTES:
                lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines) if size <= _LIMIT_BYTES else None

    def _forget(self) -> None:
        self.sender = None
        self.recipients = []

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


def _leave(*_: object) -> None:
    raise SystemExit(0)


def main() -> None:
    """Until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=int, required=True, help="descriptor of the bound socket")
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    Sink(socket.socket(fileno=given.socket), given.folder).serve_forever()


if __name__ == "__main__":
    main()
