"""One of our mailboxes, read by IMAP: what waits in it, each mail as it came, then put away."""

from __future__ import annotations

import hashlib
import imaplib
import re
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from imap_tools.errors import ImapToolsError, MailboxFolderCreateError, MailboxMoveError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from crm.channels.arrivals import Arrival
from crm.foundation import Unavailable
from crm.foundation.settings import Mailbox

_MB = 1_000_000
_AT_ONCE = 100
_FIELDS = re.compile(rb'UID (\d+)|RFC822\.SIZE (\d+)|INTERNALDATE "([^"]{1,40})"')
_AWAY = (OSError, imaplib.IMAP4.error, ImapToolsError)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail in the box. `received_at`: when our server took it."""

    uid: str
    size: int
    received_at: datetime | None


class Box:
    """Open and logged in; `open_box` makes one."""

    def __init__(self, box: BaseMailBox, settings: Mailbox) -> None:
        self._box, self._settings = box, settings
        _, told = box.client.capability()  # a server says more of itself once it knows who asks
        box.client.capabilities = tuple(told[0].decode("ascii", "replace").upper().split())
        if not box.folder.exists(settings.done_folder):
            with suppress(MailboxFolderCreateError):  # another host was quicker; the move says if none did
                box.folder.create(settings.done_folder)

    @property
    def tells_at_once(self) -> bool:
        return "IDLE" in self._box.client.capabilities

    def waiting(self) -> Iterator[Waiting]:
        """What is in the folder now, the oldest first."""
        uids = self._box.uids("ALL", charset=None)
        for begin in range(0, len(uids), _AT_ONCE):
            some = ",".join(uids[begin : begin + _AT_ONCE])
            for line in self._fetch(some, "(UID RFC822.SIZE INTERNALDATE)"):
                if isinstance(line, bytes) and (found := _waiting(line)):
                    yield found

    def take(self, mail: Waiting) -> Arrival | None:
        """The mail as it came, or its head alone when it is too big; None when it is gone meanwhile."""
        too_big = mail.size > self._settings.largest_mb * _MB
        told = self._fetch(mail.uid, "(BODY.PEEK[HEADER])" if too_big else "(BODY.PEEK[])")
        content = next((line[1] for line in told if isinstance(line, tuple)), None)
        if content is None:
            return None
        source = self._settings.user
        digest = hashlib.sha256(content).hexdigest()
        return Arrival(
            external_id=f"{source}:{mail.size}:{digest}" if too_big else f"{source}:{digest}",
            content=content,
            source=source,
            media_type="message/rfc822",
            about={"too_big": str(mail.size)} if too_big else {},
            received_at=mail.received_at,
        )

    def put_away(self, mails: Sequence[Waiting]) -> None:
        """Moves them; one that another host has put away meanwhile is no longer ours to move."""
        uids = [mail.uid for mail in mails]
        try:
            self._box.move(uids, self._settings.done_folder)
        except MailboxMoveError:  # some servers refuse the whole command for one that is gone
            self._box.client.noop()  # lets the server tell us what it is
            here = set(self._box.uids("ALL", charset=None))
            left = [mail for mail in mails if mail.uid in here]
            if len(left) == len(mails):
                raise
            if left:
                self.put_away(left)

    def wait(self, stopping: threading.Event) -> None:
        """Until something arrives, where the server can tell; else for the time between two looks."""
        if not self.tells_at_once:
            stopping.wait(self._settings.poll_seconds)
            return
        until = time.monotonic() + self._settings.poll_seconds
        with self._box.idle as idle:
            while time.monotonic() < until and not stopping.is_set():
                began = time.monotonic()
                if idle.poll(timeout=1) or time.monotonic() - began < 0.5:
                    return  # told something, or cut: the next command says which

    def _fetch(self, uids: str, what: str) -> list[bytes | tuple[bytes, bytes] | None]:
        status, told = self._box.client.uid("FETCH", uids, what)
        if status != "OK":
            raise Unavailable(server="imap", why="fetch_refused")
        return list(told)


def _waiting(line: bytes) -> Waiting | None:
    found: list[bytes] = [b"", b"", b""]
    for groups in _FIELDS.findall(line):
        found = [given or held for given, held in zip(groups, found, strict=True)]
    if not (found[0] and found[1]):
        return None
    at = None
    with suppress(ValueError):
        at = datetime.strptime(found[2].decode("ascii", "replace").strip(), "%d-%b-%Y %H:%M:%S %z")
    return Waiting(found[0].decode(), int(found[1]), at)


@contextmanager
def open_box(settings: Mailbox) -> Iterator[Box]:
    """
    Raises:
        Unavailable: it cannot be reached, refuses us, or was cut meanwhile; trying later may work.
    """
    try:
        box = _connected(settings)
        try:
            password = settings.password.get_secret_value()
            yield Box(box.login(settings.user, password, settings.folder), settings)
        finally:
            with suppress(*_AWAY):
                box.logout()
    except _AWAY as told:
        raise Unavailable(server="imap", why=type(told).__name__) from told


def _connected(settings: Mailbox) -> BaseMailBox:
    where = {"host": settings.host, "port": settings.port, "timeout": settings.timeout_seconds}
    if settings.security == "none":
        return MailBoxUnencrypted(**where)
    kind = MailBox if settings.security == "tls" else MailBoxStartTls
    return kind(**where, ssl_context=ssl.create_default_context())
