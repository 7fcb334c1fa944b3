"""Scanned letters: what is kept of the files, and the words read from them when this machine can read.

Programs of the system do it (poppler, tesseract), each with its time and its pages counted. Without them,
somebody reads and types.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from crm.channels.arrivals import JoinedFile, Unreadable

MOST_PAGES, READ_PAGES = 30, 5
ZIP = "application/zip"
_SPLITTING = str(Path(__file__).with_name("page_splitting.py"))
_SPLIT_SECONDS, _PAGE_SECONDS, _TEXT_SECONDS = 60, 20, 10
_MOST_FILES, _MOST_BYTES = 20, 200_000_000
_LONGEST = 20_000
_MARKS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"II*\x00", "image/tiff", "tif"),
    (b"MM\x00*", "image/tiff", "tif"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)


def media_type_of(content: bytes) -> str:
    """From the first bytes; empty for what is no scan."""
    return next((media for mark, media, _ in _MARKS if content.startswith(mark)), "")


def bundled(files: Sequence[JoinedFile]) -> tuple[bytes, str]:
    """One scan as it is; several photos, as one archive of them as they are. With its media type.

    Raises:
        Unreadable: nothing, or something that is no scan.
    """
    if not files or not all(media_type_of(file.content) for file in files):
        raise Unreadable("not_a_scan")
    if len(files) == 1:
        return files[0].content, media_type_of(files[0].content)
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for number, file in enumerate(files, 1):
            # A fixed moment: the same photos make the same archive, which is then known.
            archive.writestr(zipfile.ZipInfo(f"{number:02d}-{Path(file.name).name}"), file.content)
    return held.getvalue(), ZIP


def pages_of(content: bytes, media_type: str) -> tuple[JoinedFile, ...]:
    """What is shown and joined to the demand: a PDF whole, a TIFF page by page as JPEG, photos as they are.

    Raises:
        Unreadable: damaged, or none of these.
    """
    if media_type == ZIP:
        return tuple(page for name, held in _unpacked(content) for page in _pages(Path(name).stem, held))
    return tuple(_pages("courrier", content))


def _unpacked(content: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            held = archive.infolist()[:_MOST_FILES]
            if sum(one.file_size for one in held) > _MOST_BYTES:
                raise Unreadable("too_heavy")
            return [(one.filename, archive.read(one)) for one in held]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        raise Unreadable("damaged") from None


def _pages(name: str, content: bytes) -> list[JoinedFile]:
    media = media_type_of(content)
    if not media:
        raise Unreadable("not_a_scan")
    if media != "image/tiff":
        ending = next(ending for _, known, ending in _MARKS if known == media)
        return [JoinedFile(name=f"{name}.{ending}", content=content)]
    with TemporaryDirectory(prefix="scan-") as folder:
        _run([sys.executable, "-I", _SPLITTING, folder, str(MOST_PAGES)], content, _SPLIT_SECONDS)
        pages = sorted(Path(folder).glob("page-*.jpg"))
        if not pages:
            raise Unreadable("damaged")
        return [JoinedFile(name=f"{name}-{page.name}", content=page.read_bytes()) for page in pages]


def can_read() -> bool:
    """Whether pictures of letters are read by this machine: tesseract, and its French."""
    reader = shutil.which("tesseract")
    return reader is not None and _reads_french(reader)


@lru_cache
def _reads_french(reader: str) -> bool:
    try:
        return b"fra" in _run([reader, "--list-langs"], b"", _TEXT_SECONDS).split()
    except Unreadable:
        return False


def words_of(pages: Sequence[JoinedFile]) -> str:
    """What the first pages say, as well as a machine reads; nothing when it cannot."""
    told = [_words(page) for page in pages[:READ_PAGES]]
    return "\n\n".join(filter(None, told))[:_LONGEST].strip()


def _words(page: JoinedFile) -> str:
    key = sha256(page.content).hexdigest()
    if (known := _READ.get(key)) is None:
        known = _READ[key] = _read(page.content)
        while len(_READ) > _KEPT:
            _READ.pop(next(iter(_READ)))
    return known


_READ: dict[str, str] = {}  # the same scan is asked for at each look
_KEPT = 64


def _read(content: bytes) -> str:
    if media_type_of(content) == "application/pdf":
        return _words_inside(content) or _words_drawn(content)
    return _recognised(content)


def _words_inside(content: bytes) -> str:
    """Those of a PDF that was typed, or already read by the copier."""
    if shutil.which("pdftotext") is None:
        return ""
    return _tried(["pdftotext", "-l", str(READ_PAGES), "-enc", "UTF-8", "-", "-"], content, _TEXT_SECONDS)


def _words_drawn(content: bytes) -> str:
    if not can_read() or shutil.which("pdftoppm") is None:
        return ""
    with TemporaryDirectory(prefix="scan-") as folder:
        drawing = ["pdftoppm", "-r", "200", "-gray", "-jpeg", "-l", str(READ_PAGES), "-", f"{folder}/page"]
        _tried(drawing, content, _SPLIT_SECONDS)
        pages = sorted(Path(folder).glob("page*.jpg"))
        return "\n\n".join(_recognised(page.read_bytes()) for page in pages).strip()


def _recognised(content: bytes) -> str:
    if not can_read():
        return ""
    return _tried(["tesseract", "stdin", "stdout", "-l", "fra"], content, _PAGE_SECONDS)


def _tried(words: list[str], content: bytes, seconds: int) -> str:
    """A machine that cannot read is no refusal: somebody will."""
    try:
        return _run(words, content, seconds).decode("utf-8", "replace").replace("\f", "\n").strip()
    except Unreadable:
        return ""


def _alone() -> dict[str, str]:
    """Threads of tesseract wait for one another when several pages are read at once: one each is faster."""
    return {**os.environ, "OMP_THREAD_LIMIT": "1"}


def _run(words: list[str], content: bytes, seconds: int) -> bytes:
    try:
        done = subprocess.run(words, input=content, capture_output=True, timeout=seconds, env=_alone())  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        raise Unreadable("too_long") from None
    if done.returncode:
        raise Unreadable("damaged")
    return done.stdout
