"""Pictures and files as people send them, made here: none is anybody's."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()
_TURNED = 6  # the camera was held upright: the picture is to be turned by a quarter to the right


def _drawn(width: int, height: int) -> Image.Image:
    """Left half red, right half blue."""
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    ImageDraw.Draw(picture).rectangle((width // 2, 0, width, height), fill=(30, 30, 200))
    return picture


def _exif(*, turned: bool) -> Image.Exif:
    told = Image.Exif()
    told[0x010F] = "CameraOfSomebody"
    if turned:
        told[0x0112] = _TURNED
    place = told.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (43.0, 36.0, 40.0), "E", (3.0, 52.0, 37.0)
    told[0x8825] = place
    return told


def photo(width: int = 1200, height: int = 800, kind: str = "JPEG", *, turned: bool = False) -> bytes:
    """As a telephone makes it: place, camera and, if it was held upright, how to turn it."""
    kept = BytesIO()
    more = {"comment": b"CommentOfSomebody"} if kind == "JPEG" else {}
    with_exif = {} if kind == "GIF" else {"exif": _exif(turned=turned)}
    _drawn(width, height).save(kept, kind, **with_exif, **more)
    return kept.getvalue()


def enormous_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """Some hundred bytes that open into 2.7 gigabytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000)
    parts = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def zip_bomb() -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 20_000_000)
    return kept.getvalue()


def word_document() -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return kept.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAMME = b"MZ\x90\x00" + b"\0" * 400
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"
