"""E-mail: out by SMTP, one kept connection a batch, a text and its plain HTML twin; in from our mailboxes."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import ClassVar

from crm.channels.arrivals import Arrival, Receiver, Understood
from crm.channels.mail_in import MailReader
from crm.channels.mail_text import compose_mail
from crm.channels.mail_threads import ThreadNames, thread_names
from crm.channels.port import Channel, Limits, Outbound, Refused
from crm.foundation import Settings, Unavailable
from crm.foundation.settings import Mail

# RFC 5321, 4.1.2: a dot-string and a domain; quoted local parts and address literals are for machines.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """SMTP as [mail] says."""

    mail: Mail = field(repr=False)
    centre: str
    site_url: str
    names: ThreadNames = field(repr=False)
    label: ClassVar[str] = "Courriel"
    limits: ClassVar[Limits] = Limits(characters=300_000, subject=True)
    by_hand: ClassVar[bool] = False

    @contextmanager
    def open(self) -> Iterator[_Sender]:
        sender = _Sender(self)
        try:
            yield sender
        finally:
            sender.close()


class _Sender:
    def __init__(self, channel: EmailChannel) -> None:
        self._channel = channel
        self._from = parseaddr(channel.mail.sender)[1]
        self._server: smtplib.SMTP | None = None

    def send(self, message: Outbound) -> str:
        recipient = envelope_address(message.recipient)
        raw = compose_mail(
            message,
            recipient,
            sender=self._channel.mail.sender,
            reply_to=self._channel.names.reply_address(message.id),
            centre=self._channel.centre,
            site_url=self._channel.site_url,
        )
        fresh = self._server is None
        try:
            self._hand_over(recipient, raw)
        except smtplib.SMTPServerDisconnected:
            self._server = None
            if fresh:
                raise Unavailable(server="smtp", why="disconnected") from None
            self._again(recipient, raw)
        return message.message_id

    def _again(self, recipient: str, raw: bytes) -> None:
        """The server had dropped a connection that was kept: the message goes by a new one, once."""
        try:
            self._hand_over(recipient, raw)
        except smtplib.SMTPServerDisconnected:
            self._server = None
            raise Unavailable(server="smtp", why="disconnected") from None

    def _hand_over(self, recipient: str, raw: bytes) -> None:
        server = self._connected()
        try:
            server.ehlo_or_helo_if_needed()
            server.sendmail(self._from, [recipient], raw, *self._asked(server, recipient))
        except smtplib.SMTPRecipientsRefused as told:
            _judge(next(iter(told.recipients.values()))[0], told, mailbox=True)
        except smtplib.SMTPDataError as told:
            _judge(told.smtp_code, told)
        except smtplib.SMTPSenderRefused as told:  # our own address: a setting, not this message
            raise Unavailable(server="smtp", why=f"sender_{told.smtp_code}") from told
        except smtplib.SMTPServerDisconnected:
            raise
        except (OSError, smtplib.SMTPException) as told:
            self.close()
            raise Unavailable(server="smtp", why=type(told).__name__) from told

    def _asked(self, server: smtplib.SMTP, recipient: str) -> tuple[list[str], list[str]]:
        """Of MAIL and of RCPT, when [mail] wants receipts and the server can ask for them (RFC 3461)."""
        if not (self._channel.mail.delivery_receipts and server.has_extn("dsn")):
            return [], []
        original = recipient.replace("+", "+2B").replace("=", "+3D")  # xtext
        return ["RET=HDRS"], ["NOTIFY=SUCCESS,FAILURE,DELAY", f"ORCPT=rfc822;{original}"]

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = _connect(self._channel.mail)
            except (OSError, smtplib.SMTPException) as told:
                raise Unavailable(server="smtp", why=type(told).__name__) from told
        return self._server

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


def _connect(mail: Mail) -> smtplib.SMTP:
    server: smtplib.SMTP
    if mail.security == "tls":
        server = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=mail.timeout_seconds, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_seconds)
    try:
        if mail.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if mail.user:
            server.login(mail.user, mail.password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _judge(code: int, told: smtplib.SMTPException, *, mailbox: bool = False) -> None:
    """RFC 5321, 4.2.1: 5xx is final, 4xx is not. 421 and 45x come from a server that is busy or full.

    Args:
        mailbox: said of one recipient (full, greylisted): the next may be taken, unless the server leaves.
    """
    if 500 <= code < 600:
        raise Refused(f"smtp_{code}") from told
    raise Unavailable(server="smtp", why=f"smtp_{code}", this_one_only=mailbox and code != 421) from told


def envelope_address(typed: str) -> str:
    """The one address to write to, its domain in ASCII.

    Raises:
        Refused: it is not one address, or its local part needs SMTPUTF8, which few servers take.
    """
    local, _, domain = typed.strip().rpartition("@")
    try:
        address = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise Refused("bad_address") from None
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise Refused("bad_address")
    return address


def build(settings: Settings) -> Channel | None:
    centre = settings.centre
    return EmailChannel(settings.mail, centre.name, centre.site_url, thread_names(settings))


@dataclass(frozen=True, slots=True)
class MailReceiver:
    """What `workers.mailboxes` fetched from the boxes of [[mailboxes]]."""

    reader: MailReader
    label: ClassVar[str] = "Courriel"

    def understand(self, arrival: Arrival) -> Understood:
        return self.reader.read(arrival)


def build_receiver(settings: Settings) -> Receiver | None:
    """Always there: what came before a mailbox was switched off is still to be understood."""
    mail = settings.mail
    boxes = {box.user for box in settings.mailboxes}
    known = {parseaddr(mail.sender)[1], parseaddr(mail.reply_to)[1], settings.centre.email, *boxes}
    ours = frozenset(address.lower() for address in known if "@" in address)
    return MailReceiver(MailReader(names=thread_names(settings), ours=ours, auth_server=mail.auth_server))
