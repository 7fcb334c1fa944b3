"""A message as the bytes of a mail: text first, the same in plain HTML beside it."""

from __future__ import annotations

import re
import secrets
from email.base64mime import body_encode
from email.charset import BASE64, Charset
from email.header import Header
from email.utils import formataddr, formatdate, parseaddr
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from crm.channels.port import Enclosure, Outbound
from crm.foundation import ROOT, by_language, clean, typo

_SUBJECT_LENGTH = 200
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_BASE64 = Charset("utf-8")
_BASE64.header_encoding = (
    BASE64  # said at once: weighing quoted-printable against it costs more than the rest
)


def mail_domain(sender: str) -> str:
    """What follows the @ of our own Message-IDs."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def compose_mail(
    message: Outbound, recipient: str, *, sender: str, reply_to: str, centre: str, site_url: str
) -> bytes:
    """Bytes ready for DATA: CRLF, short lines, no header that a stranger could have split.

    Always the same shape, so it is written out: `EmailMessage` parses each header again and costs fifteen
    times more, which alone would halve the rate at which mail leaves.

    Args:
        recipient: the envelope's address, ASCII.
    """
    text, subject = _visible(message.body), one_line(message.subject)[:_SUBJECT_LENGTH]
    if message.language == "fr":
        text, subject = typo(text), typo(subject)
    spoken = [
        (language if language != "fr" else message.language, _paragraphs(words, site_url))
        for language, words in by_language(text)
    ]
    html = _page().render(subject=subject, centre=centre, language=message.language, parts=spoken)
    boundary = f"=_{secrets.token_hex(16)}"  # "_" and "=" never meet in base64
    headers = {
        "From": _one_sender(sender),
        "Reply-To": one_line(reply_to),
        "To": recipient,
        "Subject": Header(subject, _BASE64).encode(linesep="\r\n"),
        "Date": formatdate(),
        "Message-ID": message.message_id,
        "Content-Language": ", ".join(language for language, _words in spoken),
        "MIME-Version": "1.0",
        "Content-Type": _kind(boundary, "alternative"),
    }
    headers["X-Loop"] = mail_domain(sender)  # ours, even when a relay gave it another Message-ID
    if message.enclosure:
        headers["Content-Type"] = _kind(f"{boundary}_", "mixed")
    if message.automatic:
        headers["Auto-Submitted"] = "auto-generated"  # RFC 3834: robots must not answer
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    parts = "".join(_part(boundary, kind, said) for kind, said in (("plain", text), ("html", html)))
    words = f"{parts}--{boundary}--\r\n"
    body = _beside(boundary, words, message.enclosure) if message.enclosure else words
    return f"{head}\r\n{body}".encode("ascii")


def _kind(boundary: str, kind: str) -> str:
    return f'multipart/{kind}; boundary="{boundary}"'


def _beside(boundary: str, words: str, file: Enclosure) -> str:
    """The words whole, then a file; the outer boundary is the inner one and an underscore."""
    outer = f"--{boundary}_"
    return (
        f"{outer}\r\nContent-Type: {_kind(boundary, 'alternative')}\r\n\r\n{words}"
        f'{outer}\r\nContent-Type: {file.mime}; charset=utf-8; name="{file.name}"\r\n'
        f"Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{file.name}"\r\n\r\n'
        f"{body_encode(file.content, eol=chr(13) + chr(10))}{outer}--\r\n"
    )


def _part(boundary: str, kind: str, said: str) -> str:
    """A part in base64: no line is too long, nothing in it can be taken for a header or a boundary."""
    encoded = body_encode(_crlf(said).encode(), eol="\r\n")
    return (
        f"--{boundary}\r\n"
        f"Content-Type: text/{kind}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}"
    )


def one_line(text: str) -> str:
    """Any run of white space, line ends included, is one space: a header cannot be split."""
    return " ".join(_visible(text).split())


def _visible(text: str) -> str:
    """Queued messages were cleaned when they were kept; whatever was not is cleaned here."""
    return clean(text) if _UNSEEN.search(text) else text


@cache
def _one_sender(sender: str) -> str:
    return formataddr(parseaddr(one_line(sender)))


def _crlf(text: str) -> str:
    return re.sub(r"\r\n?|\n", "\r\n", text)


def _paragraphs(text: str, site_url: str) -> list[list[tuple[str, bool]]]:
    return [_pieces(paragraph, site_url) for paragraph in re.split(r"\n\s*\n", text)]


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
