"""A file as it was sent becomes what we keep, or is refused with the reason."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import UnsupportedOperation
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from crm.attachments.kinds import Kind, kind_of
from crm.attachments.scanning import infected
from crm.foundation import CrmError, Unavailable
from crm.foundation.settings import Files

_REDRAWING = Path(__file__).with_name("redrawing.py")
_SIDE, _SMALL_SIDE = 2048, 320
_LONGEST_SECONDS = 30
_MB = 1_000_000
_PIECE_BYTES = 256 * 1024
_LONGEST_NAME = 120
_ONE_AT_A_TIME = threading.Lock()  # pictures are the heaviest thing that a web process asks of its machine


class FileRefused(CrmError):
    """
    Args:
        reason: a code; screens have its words.
        name: the file's, as given.
        limit: in the reason's own unit: megabytes, megapixels.
    """

    code = "file_refused"

    def __init__(self, reason: str, name: str, limit: int | None = None) -> None:
        super().__init__(reason=reason)
        self.reason, self.name, self.limit = reason, name, limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is kept of a file. `sha256` is of what was sent: the same photo sent twice is one."""

    name: str
    sha256: str
    media_type: str
    content: bytes = field(repr=False)
    thumbnail: bytes | None = field(default=None, repr=False)
    width: int | None = None
    height: int | None = None


def check_file(file: BinaryIO, name: str, limits: Files) -> Checked:
    """
    Args:
        file: open for reading; it is never held in memory whole, but for a PDF.

    Raises:
        FileRefused: not of a kind we take, too heavy, too large, damaged, infected, or not scanned.
        Unavailable: too many pictures came at once.
    """
    shown = clean_name(name)
    kind = kind_of(file)
    size = file.seek(0, 2)
    file.seek(0)
    if size > limits.file_mb * _MB:
        raise FileRefused("too_heavy", shown, limits.file_mb)
    if kind.code not in {"picture", "pdf"}:
        raise FileRefused(kind.code, shown)
    if reason := infected(file, limits):
        raise FileRefused(reason, shown)
    if kind.code == "picture":
        return _picture(file, shown, kind, limits)
    if size > limits.pdf_mb * _MB:
        raise FileRefused("pdf_too_heavy", shown, limits.pdf_mb)
    return Checked(name=shown, sha256=_sha256(file), media_type="application/pdf", content=_whole(file))


def clean_name(name: str) -> str:
    """For people to recognise their file; it names nothing on our side."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*').strip(" .")
    return kept[-_LONGEST_NAME:] or "fichier"


def _picture(file: BinaryIO, name: str, kind: Kind, limits: Files) -> Checked:
    sha256 = _sha256(file)
    with _alone():
        told, body = _redraw(file, kind.decoder, limits.megapixels * 1_000_000)
    if reason := told.get("refused"):
        raise FileRefused(str(reason), name, limits.megapixels if reason == "too_many_pixels" else None)
    whole, small = told["sizes"]
    return Checked(
        name=name,
        sha256=sha256,
        media_type="image/jpeg",
        content=body[:whole],
        thumbnail=body[whole : whole + small],
        width=told["width"],
        height=told["height"],
    )


@contextmanager
def _alone() -> Iterator[None]:
    if not _ONE_AT_A_TIME.acquire(timeout=_LONGEST_SECONDS):
        raise Unavailable(server="pictures", why="too_many")
    try:
        yield
    finally:
        _ONE_AT_A_TIME.release()


def _redraw(file: BinaryIO, decoder: str, most_pixels: int) -> tuple[dict[str, Any], bytes]:
    """In a process of its own: whatever the picture does there, this one stays small and standing."""
    programme = [sys.executable, "-I", str(_REDRAWING), decoder, *map(str, (most_pixels, _SIDE, _SMALL_SIDE))]
    try:
        with _on_disk(file) as given:
            ran = subprocess.run(  # noqa: S603 — our own programme, and no word of the visitor's
                programme, stdin=given, capture_output=True, timeout=_LONGEST_SECONDS, check=False
            )
    except subprocess.TimeoutExpired:
        return {"refused": "damaged"}, b""
    line, _, body = ran.stdout.partition(b"\n")
    if ran.returncode != 0 or not line:
        return {"refused": "damaged"}, b""
    return dict(json.loads(line)), body


@contextmanager
def _on_disk(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file at its beginning, as another process can read it: from memory it is written down first."""
    file.seek(0)
    try:
        file.fileno()
    except UnsupportedOperation:
        with TemporaryFile() as copy:
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            yield copy
    else:
        yield file


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()
