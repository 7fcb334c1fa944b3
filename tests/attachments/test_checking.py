"""What people send: kept as pixels of ours, or refused with the reason; never believed."""

from __future__ import annotations

import resource
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import pytest
from PIL import Image

from crm.attachments import Checked, FileRefused, check_file, clean_name
from crm.foundation import ROOT
from crm.foundation.settings import Files
from tests.attachments import pictures


def _file(content: bytes) -> BinaryIO:
    file = TemporaryFile()  # noqa: SIM115 — the caller closes it
    file.write(content)
    return file


class _Watched(BytesIO):
    """A file that says how much of it was read."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.given += len(piece)
        return piece


def _check(content: bytes, name: str = "photo.jpg", limits: Files | None = None) -> Checked:
    with _file(content) as file:
        return check_file(file, name, limits or Files())


def _opened(content: bytes | None) -> Image.Image:
    return Image.open(BytesIO(content or b""))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_a_picture_of_any_usual_kind_is_kept_as_jpeg_with_its_thumbnail(kind: str) -> None:
    kept = _check(pictures.photo(3000, 1500, kind), f"photo.{kind.lower()}")
    assert (kept.media_type, kept.width, kept.height) == ("image/jpeg", 2048, 1024)
    whole, small = _opened(kept.content), _opened(kept.thumbnail)
    assert (whole.format, whole.size) == ("JPEG", (2048, 1024))
    assert (small.format, small.size) == ("JPEG", (320, 160))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_where_and_by_what_it_was_taken_is_gone(kind: str) -> None:
    sent = pictures.photo(kind=kind)
    assert b"CameraOfSomebody" in sent
    kept = _check(sent)
    for content in (kept.content, kept.thumbnail):
        assert b"OfSomebody" not in (content or b"") and b"Exif" not in (content or b"")
        assert not dict(_opened(content).getexif()) and "comment" not in _opened(content).info


def test_a_photo_held_upright_stands_upright() -> None:
    """The left half, red, comes on top."""
    kept = _check(pictures.photo(1200, 800, turned=True))
    picture = _opened(kept.content)
    assert (kept.width, kept.height) == picture.size == (800, 1200)
    top, bottom = picture.getpixel((400, 100)), picture.getpixel((400, 1100))
    assert top[0] > top[2] and bottom[2] > bottom[0]  # type: ignore[index]


def test_what_is_transparent_stands_on_white() -> None:
    sent = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(sent, "PNG")
    assert _opened(_check(sent.getvalue()).content).getpixel((20, 20)) == (255, 255, 255)


def test_a_pdf_is_kept_as_it_is() -> None:
    kept = _check(pictures.PDF, "devis.pdf")
    assert (kept.media_type, kept.content, kept.thumbnail) == ("application/pdf", pictures.PDF, None)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (pictures.SVG, "dessin.svg", "drawing"),
        (pictures.SVG, "photo.jpg", "drawing"),
        (pictures.PROGRAMME, "photo.jpg", "programme"),
        (pictures.PAGE, "photo.png", "page"),
        (pictures.zip_bomb(), "photo.jpg", "archive"),
        (pictures.word_document(), "lettre.pdf", "office"),
        (b"", "vide.jpg", "empty"),
        (b"Bonjour", "texte.txt", "unknown"),
        (b"\0\0\0\x18ftypmp42", "film.mp4", "film"),
        (pictures.photo()[:3000], "coupee.jpg", "damaged"),
        (b"\xff\xd8\xff\xe0" + pictures.zip_bomb(), "photo.jpg", "damaged"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "photo.heic", "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_anything_else_is_refused_with_its_reason(content: bytes, name: str, reason: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        _check(content, name)
    assert (refusal.value.reason, refusal.value.name) == (reason, name)


def test_a_photo_of_forty_megabytes_is_refused_before_it_is_opened() -> None:
    sent = _Watched(pictures.photo() + b"\0" * 40_000_000)
    with pytest.raises(FileRefused) as refusal:
        check_file(sent, "photo.jpg", Files())
    assert (refusal.value.reason, refusal.value.limit) == ("too_heavy", 20)
    assert 0 < sent.given < 10_000


def test_a_pdf_has_its_own_limit() -> None:
    with pytest.raises(FileRefused) as refusal:
        _check(pictures.PDF + b"\0" * 12_000_000)
    assert (refusal.value.reason, refusal.value.limit) == ("pdf_too_heavy", 10)


def test_thirty_thousand_pixels_a_side_are_refused_from_the_header_alone() -> None:
    heaviest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(FileRefused) as refusal:
        _check(pictures.enormous_png(), "plan.png")
    assert (refusal.value.reason, refusal.value.limit) == ("too_many_pixels", 60)
    grown = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - heaviest
    assert grown < 60_000, "the pixels were unrolled"


def test_a_picture_of_forty_eight_megapixels_leaves_this_process_small() -> None:
    sent = pictures.photo(8000, 6000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with _file(sent) as file:
        del sent
        kept = check_file(file, "photo.jpg", Files())
    assert kept.width == 2048
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8_000  # kilobytes


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\Users\\Aïcha\\IMG_1.jpg", "IMG_1.jpg"),
        ("../../etc/passwd", "passwd"),
        ('a<b>"c".jpg', "abc.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("صورة.jpg", "صورة.jpg"),
        ("", "fichier"),
        ("x" * 500 + ".jpg", "x" * 116 + ".jpg"),
    ],
)
def test_the_name_given_is_shown_and_never_obeyed(given: str, shown: str) -> None:
    assert clean_name(given) == shown


def test_no_web_process_loads_what_opens_pictures() -> None:
    heavy = ("PIL", "pillow_heif", "requests_aws4auth")
    asked = f"import crm.app, sys; print([m for m in {heavy} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", asked], cwd=Path(ROOT), capture_output=True, text=True)
    assert ran.stdout.strip() == "[]", ran.stderr
