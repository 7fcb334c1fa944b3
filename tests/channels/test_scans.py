"""Letters that arrived, as scanners and telephones give them: pages, words if they can be read, or why."""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from crm.channels import (
    Arrival,
    JoinedFile,
    LetterPaper,
    Understood,
    Unreadable,
    bundled_scans,
    can_read_scans,
    letters_pdf,
)
from crm.channels.adapters.letter import build_receiver
from crm.foundation import Settings

_FONT = "DejaVuSans.ttf"
_TYPED = letters_pdf(
    [
        LetterPaper(
            centre="x",
            centre_lines=(),
            place="Rivebois",
            day="14 septembre 2026",
            reference="",
            to_lines=("Métropole",),
            subject="Réclamation",
            body="Le lampadaire près de l’école est éteint.",
        )
    ]
)


def _tiff(pages: int, mode: str = "1", size: tuple[int, int] = (800, 1100)) -> bytes:
    held = BytesIO()
    first, *others = [Image.new(mode, size, 1) for _ in range(pages)]
    first.save(held, "TIFF", save_all=True, append_images=others, compression="group4")
    return held.getvalue()


def _photo(shade: int) -> bytes:
    held = BytesIO()
    Image.new("RGB", (300, 400), (shade, shade, shade)).save(held, "JPEG")
    return held.getvalue()


def _understood(*contents: bytes, **about: str) -> Understood:
    files = [JoinedFile(name=f"scan {n}", content=content) for n, content in enumerate(contents)]
    content, media_type = bundled_scans(files)
    receiver = build_receiver(Settings())
    assert receiver is not None
    return receiver.understand(Arrival(external_id="1", content=content, media_type=media_type, about=about))


def test_a_tiff_of_several_pages_becomes_as_many_photos() -> None:
    told = _understood(_tiff(3))
    assert [Path(file.name).suffix for file in told.files] == [".jpg"] * 3
    assert all(Image.open(BytesIO(file.content)).format == "JPEG" for file in told.files)


def test_photos_stay_as_they_are_in_their_order_and_are_known_the_second_time() -> None:
    first, second = _photo(10), _photo(200)
    assert [file.content for file in _understood(first, second).files] == [first, second]
    files = [JoinedFile(name="a.jpg", content=first), JoinedFile(name="b.jpg", content=second)]
    assert bundled_scans(files) == bundled_scans(files)


def test_what_the_agent_says_of_it_goes_with_it() -> None:
    told = _understood(_photo(10), sender_name="Luc Nguyễn", subject="Réclamation", written_on="2026-09-10")
    assert (told.sender_name, told.subject) == ("Luc Nguyễn", "Réclamation")
    assert told.sent_at is not None and told.sent_at.date().isoformat() == "2026-09-10"


def test_words_of_a_typed_pdf_are_read_where_the_machine_can() -> None:
    told = _understood(_TYPED)
    assert [file.name for file in told.files] == ["courrier.pdf"]
    can = shutil.which("pdftotext") is not None
    assert ("Le lampadaire près de l’école est éteint." in told.text) == can
    assert can or told.left_out == ("no_reader",)


def test_a_picture_is_left_to_the_agent_where_nothing_reads_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    told = _understood(_photo(77))
    assert (told.text, told.left_out) == ("", ("no_reader",))


def _drawn(*lines: str) -> Image.Image:
    """A page as a scanner gives it at 200 dpi."""
    page = Image.new("L", (1650, 700), 255)
    font = ImageFont.truetype(_FONT, 44)
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((120, 120 + 90 * number), line, fill=0, font=font)
    return page


def _saved(page: Image.Image, kind: str) -> bytes:
    held = BytesIO()
    page.save(held, kind, dpi=(200, 200))
    return held.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "PDF"])
def test_a_scan_becomes_words_by_a_real_reader(kind: str) -> None:
    """Debian's tesseract and its French: accents, and what only a drawn PDF holds."""
    assert can_read_scans(), "apt-get install tesseract-ocr tesseract-ocr-fra (make test does it)"
    page = _drawn("Le lampadaire près de l’école", "est éteint depuis le 12 septembre.")
    told = _understood(_saved(page, kind))
    said = " ".join(told.text.split())
    assert "lampadaire près de l" in said and "éteint depuis le 12 septembre" in said
    assert told.left_out == ()


def test_a_reader_without_its_french_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reader = tmp_path / "tesseract"
    reader.write_text("#!/bin/sh\necho eng\n")
    reader.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert not can_read_scans()
    assert _understood(_photo(99)).left_out == ("no_reader",)


def test_a_bundle_that_would_swell_is_not_opened() -> None:
    """What an archive says it holds is added up before anything of it is read."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.jpg", b"\xff\xd8\xff" + bytes(80_000_000))
    receiver = build_receiver(Settings())
    assert receiver is not None
    with pytest.raises(Unreadable) as refusal:
        receiver.understand(Arrival(external_id="1", content=held.getvalue(), media_type="application/zip"))
    assert refusal.value.reason == "too_heavy"


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (b"II*\x00" + b"\x00" * 40, "image/tiff", "damaged"),
        (b"PK\x03\x04 no archive", "application/zip", "damaged"),
        (b"<html>", "application/pdf", "not_a_scan"),
    ],
)
def test_what_cannot_be_opened_waits_for_a_person_with_the_reason(
    content: bytes, media_type: str, reason: str
) -> None:
    receiver = build_receiver(Settings())
    assert receiver is not None
    with pytest.raises(Unreadable) as refusal:
        receiver.understand(Arrival(external_id="1", content=content, media_type=media_type))
    assert refusal.value.reason == reason


def test_a_page_too_large_to_be_opened_is_refused_without_filling_the_memory() -> None:
    with pytest.raises(Unreadable):
        _understood(_tiff(1, size=(10_000, 9_000)))
