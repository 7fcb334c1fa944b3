"""What a file is, from its first bytes alone: neither its name nor what the sender says of it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

_LOOKED_AT_BYTES = 4096
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_PICTURES = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"))
# What is recognised in order to be refused in its own words.
_REFUSED = (
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"{\\rtf", "office"),
    (b"MZ", "programme"),
    (b"\x7fELF", "programme"),
    (b"#!", "programme"),
    (b"\xca\xfe\xba\xbe", "programme"),
    (b"\xcf\xfa\xed\xfe", "programme"),
    (b"\x1aE\xdf\xa3", "film"),
    (b"OggS", "film"),
    (b"ID3", "film"),
)
_MARKUP = ((b"<svg", "drawing"), (b"<html", "page"), (b"<!doctype html", "page"), (b"<script", "page"))


@dataclass(frozen=True, slots=True)
class Kind:
    """
    Args:
        code: `picture` and `pdf` are taken; any other says why it is not.
        decoder: what opens a picture.
    """

    code: str
    decoder: str = ""


def kind_of(file: BinaryIO) -> Kind:
    """Looks at the beginning, and leaves the file where it begins."""
    file.seek(0)
    head = file.read(_LOOKED_AT_BYTES)
    file.seek(0)
    return _picture(head) or _document(head)


def _picture(head: bytes) -> Kind | None:
    for mark, decoder in _PICTURES:
        if head.startswith(mark):
            return Kind("picture", decoder)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind("picture", "WEBP")
    if head[4:8] == b"ftyp":
        return Kind("picture", "HEIF") if head[8:12] in _HEIF_BRANDS else Kind("film")
    return None


def _document(head: bytes) -> Kind:
    if not head:
        return Kind("empty")
    if head.startswith(b"%PDF-"):
        return Kind("pdf")
    if head.startswith(b"PK\x03\x04") and (
        b"[Content_Types].xml" in head or b"mimetypeapplication/vnd" in head
    ):
        return Kind("office")
    for mark, code in _REFUSED:
        if head.startswith(mark):
            return Kind(code)
    written = head.lower()
    return next((Kind(code) for mark, code in _MARKUP if mark in written), Kind("unknown"))
