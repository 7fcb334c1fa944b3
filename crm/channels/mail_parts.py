"""What a mail holds, part by part, within bounds: what is beyond them is said, and stays in the original."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from email.message import Message

import nh3

from crm.channels.arrivals import JoinedFile
from crm.channels.mail_headers import decode_bytes, decode_words

_MOST_PARTS, _DEEPEST, _MOST_FILES = 200, 20, 20
_LONGEST_TEXT, _LONGEST_HTML = 200_000, 1_000_000
_LOGO_BYTES = 10_000  # a picture inside the text and lighter than that is an ornament
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "pre", "blockquote", "table", "ul", "ol"}
)
_MOST_TAGS = 4_000  # beyond, a page is made to be heavy: only its words are kept
_TAG = re.compile(r"(<[^<>]*>)")
_ANY_TAG = re.compile(r"<[^<>]{0,500}>")


@dataclass(slots=True)
class Parts:
    """`quoted`: texts of mails that stand within this one."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    files: list[JoinedFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What is to be read: the plain text when there is one, else that of the HTML."""
        plain = "\n\n".join(one.strip() for one in self.plain if one.strip())
        return (plain or html_text("\n".join(self.html)))[:_LONGEST_TEXT]

    def leave_out(self, why: str) -> None:
        if why not in self.left_out:
            self.left_out.append(why)


def parts_of(message: Message) -> Parts:
    found = Parts()
    waiting: list[tuple[Message, int, bool]] = [(message, 0, False)]
    seen = 0
    while waiting:
        part, depth, is_within = waiting.pop()
        seen += 1
        if seen > _MOST_PARTS or depth > _DEEPEST:
            found.leave_out("too_many_parts" if seen > _MOST_PARTS else "too_deep")
            continue
        payload = part.get_payload() if part.is_multipart() else None
        if isinstance(payload, list):
            within = is_within or part.get_content_type() == "message/rfc822"
            waiting += [(one, depth + 1, within) for one in reversed(payload) if isinstance(one, Message)]
        else:
            _take(found, part, is_within)
    return found


def _take(found: Parts, part: Message, is_within: bool) -> None:
    kind, name = part.get_content_type(), _name(part)
    is_shown = not name and part.get_content_disposition() != "attachment"
    content = _content(part)
    if kind in {"text/plain", "text/html"} and is_shown:
        said = decode_bytes(content, _charset(part))
        if is_within:
            found.quoted.append((html_text(said) if kind == "text/html" else said)[:_LONGEST_TEXT])
        else:
            (found.html if kind == "text/html" else found.plain).append(said[:_LONGEST_HTML])
            if kind == "text/html" and said.count("<") > _MOST_TAGS:
                found.leave_out("heavy_page")
    elif content:
        _take_file(found, part, kind, name, content)


def _take_file(found: Parts, part: Message, kind: str, name: str, content: bytes) -> None:
    is_inline = "content-id" in part and part.get_content_disposition() != "attachment"
    if is_inline and kind.startswith("image/") and len(content) < _LOGO_BYTES:
        found.leave_out("ornament")
        return
    if len(found.files) >= _MOST_FILES:
        found.leave_out("too_many_files")
        return
    if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
        found.leave_out("winmail")
    shown = name or f"{kind.replace('/', '.')}"
    found.files.append(JoinedFile(name=shown[:200], content=content, is_inline=is_inline))


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return content if isinstance(content, bytes) else b""


def _charset(part: Message) -> str:
    try:
        return str(part.get_param("charset", "") or "")
    except (ValueError, LookupError):
        return ""


def _name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        return ""
    raw = str(name).encode("utf-8", "surrogateescape")
    return " ".join(decode_words(str(name) if str(name).isascii() else decode_bytes(raw)).split())


def html_text(page: str) -> str:
    """The words of a page, a line a block; what stands in a quotation begins with « > » as in plain mails."""
    if not page.strip():
        return ""
    if page.count("<") > _MOST_TAGS:
        return _ANY_TAG.sub("\n", page[:_LONGEST_TEXT]).strip()
    tidy = nh3.clean(page[:_LONGEST_HTML], tags=set(_BLOCKS), attributes={})
    lines, depth = [""], 0
    for piece in _TAG.split(tidy):
        if not piece.startswith("<"):
            lines[-1] += " ".join(html.unescape(piece).replace("\xa0", " ").split(" ")).replace("\n", " ")
            continue
        depth += (piece == "<blockquote>") - (piece == "</blockquote>")
        lines.append("> " * min(depth, 5))
    shown = (re.sub(r"[ \t]+", " ", line).strip() for line in lines)
    return re.sub(r"(\n[> ]*){3,}", "\n\n", "\n".join(shown)).strip()
