"""Headers of a mail as anybody may have written them: decoded whatever they hold, never an error."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

_MOST_HEADERS, _LONGEST = 500, 20_000
_LONGEST_ID = 250
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_ID = re.compile(r"<([^<>\s]{1,250})>")
_ANY_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,250}\w")
# Text codecs that turn a few bytes into much work, or that are not for texts.
_NOT_FOR_TEXT = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs"})
_WIDER = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252",
          "us-ascii": "utf-8", "ascii": "utf-8", "ks_c_5601-1987": "cp949", "gb2312": "gb18030",
          "x-sjis": "shift_jis", "windows-31j": "cp932"}  # fmt: skip

Headers = Mapping[str, Sequence[str]]


def headers_of(message: Message) -> Headers:
    """Lower-case name → values, unfolded and decoded, in their order; bounded in number and length."""
    found: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(message.raw_items()):
        if number >= _MOST_HEADERS:
            break
        found.setdefault(name.lower(), []).append(_decoded(str(value)[:_LONGEST]))
    return found


def first(headers: Headers, name: str) -> str:
    return headers[name][0] if headers.get(name) else ""


def decode_bytes(content: bytes, charset: str = "") -> str:
    """By the charset it claims, else UTF-8, else Western: never an error, at worst a mark of replacement."""
    claimed = charset.strip().strip("\"'").lower()
    for name in (_WIDER.get(claimed, claimed), "utf-8"):
        if name and name.replace("-", "_") not in _NOT_FOR_TEXT:
            try:
                return content.decode(name)
            except (LookupError, UnicodeError, ValueError):
                continue
    return content.decode("cp1252", "replace")


def decode_words(text: str) -> str:
    """RFC 2047. Words of one charset are joined before they are read: a character may stand astride two."""
    pieces: list[str] = []
    waiting, charset, at = b"", "", 0
    for word in _WORD.finditer(_BETWEEN_WORDS.sub(r"\1", text)):
        plain = word.string[at : word.start()]
        if waiting and (plain or word[1].lower() != charset):
            pieces.append(decode_bytes(waiting, charset))
            waiting = b""
        pieces.append(plain)
        charset, at = word[1].lower().partition("*")[0], word.end()
        waiting += _word_bytes(word[2], word[3])
    if waiting:
        pieces.append(decode_bytes(waiting, charset))
    joined = _BETWEEN_WORDS.sub(r"\1", text)
    return "".join([*pieces, joined[at:]])


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return raw


def addresses(headers: Headers, *names: str) -> list[tuple[str, str]]:
    """`(name, address)` of everybody in those headers, addresses in lower case, each once."""
    found: dict[str, str] = {}
    for value in (value for name in names for value in headers.get(name, ())):
        for shown, address in _pairs(value):
            found.setdefault(address, shown)
    return [(shown, address) for address, shown in found.items()]


def _pairs(value: str) -> Iterator[tuple[str, str]]:
    try:
        pairs = getaddresses([value])
    except (ValueError, IndexError, RecursionError):
        pairs = []
    good = [(shown, address) for shown, address in pairs if _ANY_ADDRESS.fullmatch(address)]
    if not good:  # not as the standard wants it: whatever looks like an address
        good = [("", found) for found in _ANY_ADDRESS.findall(value)]
    return ((" ".join(shown.split())[:200], address.lower()[:320]) for shown, address in good[:100])


def message_ids(headers: Headers, *names: str) -> list[str]:
    """With their brackets, each once; in the order of the headers, the last of each header first."""
    found: list[str] = []
    for name in names:
        for value in headers.get(name, ()):
            found += [f"<{one}>" for one in reversed(_ID.findall(value))]
    return list(dict.fromkeys(found))[:50]


def own_id(headers: Headers) -> str:
    """The Message-ID; empty when it has none that can be compared."""
    if found := message_ids(headers, "message-id"):
        return found[0]
    return "".join(first(headers, "message-id").split())[:_LONGEST_ID]


def claimed_date(headers: Headers) -> datetime | None:
    """What the sender says; None when it is no date, or none of ours."""
    try:
        told = parsedate_to_datetime(first(headers, "date")[:200])
        at = (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if 1980 <= at.year <= 2100 else None


def _decoded(value: str) -> str:
    raw = value.encode("utf-8", "surrogateescape")
    text = value if value.isascii() else decode_bytes(raw)
    return decode_words(re.sub(r"\r?\n[ \t]*|\r", " ", text)).strip()
