"""A message as the bytes of a mail: text first, the same in plain HTML beside it."""

from __future__ import annotations

import re
from email import policy
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr, formatdate, parseaddr
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from crm.channels.port import Outbound
from crm.foundation import ROOT, clean

_SUBJECT_LENGTH = 200
# CRLF everywhere, which smtplib does not see to in bytes. The newer policies parse every header again:
# four times the cost of a mail, for headers that are all ours.
_WIRE = policy.compat32.clone(linesep="\r\n")


def mail_domain(sender: str) -> str:
    """What follows the @ of our own Message-IDs."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def compose_mail(
    message: Outbound, recipient: str, *, sender: str, reply_to: str, centre: str, site_url: str
) -> bytes:
    """Bytes ready for DATA: short lines, text in base64, no header that a stranger could have split.

    Args:
        recipient: the envelope's address, ASCII.
    """
    text = clean(message.body)
    subject = one_line(message.subject)[:_SUBJECT_LENGTH]
    mail = MIMEMultipart("alternative", policy=_WIRE)
    mail["From"] = formataddr(parseaddr(one_line(sender)))
    mail["To"] = recipient
    mail["Reply-To"] = one_line(reply_to)
    mail["Subject"] = Header(subject, "utf-8").encode(linesep="\r\n")
    mail["Date"] = formatdate()
    mail["Message-ID"] = message.message_id
    mail["Content-Language"] = message.language
    if message.automatic:
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: robots must not answer
    html = _page().render(
        subject=subject,
        centre=centre,
        language=message.language,
        paragraphs=[_pieces(paragraph, site_url) for paragraph in re.split(r"\n\s*\n", text)],
    )
    mail.attach(MIMEText(_crlf(text), "plain", "utf-8", policy=_WIRE))
    mail.attach(MIMEText(_crlf(html), "html", "utf-8", policy=_WIRE))
    return mail.as_bytes(policy=_WIRE)


def one_line(text: str) -> str:
    """Any run of white space, line ends included, is one space: a header cannot be split."""
    return " ".join(clean(text).split())


def _crlf(text: str) -> str:
    return re.sub(r"\r\n?|\n", "\r\n", text)


def _pieces(paragraph: str, site_url: str) -> list[tuple[str, bool]]:
    """Text and links in turn. Only our own site's addresses become links: a stranger's never do."""
    ours = _our_links(site_url)
    return [(piece, bool(ours.fullmatch(piece))) for piece in ours.split(paragraph) if piece]


@cache
def _our_links(site_url: str) -> re.Pattern[str]:
    return re.compile(rf"({re.escape(site_url.rstrip('/'))}/[\w/.?=&%-]*[\w/-])")


@cache
def _page() -> Template:
    shelf = FileSystemLoader(ROOT / "templates" / "outbound")
    return Environment(loader=shelf, autoescape=True, undefined=StrictUndefined).get_template("mail.html")
