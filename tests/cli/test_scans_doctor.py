"""`crm doctor` on letters that arrive: what this machine reads of them, and what to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.cli.doctor.findings import Mark
from crm.cli.doctor.machine import scans


def test_with_the_reader_and_its_french_scans_are_read() -> None:
    assert scans().mark is Mark.GOOD, "apt-get install tesseract-ocr tesseract-ocr-fra (make test does it)"


def test_without_any_it_says_what_to_install_and_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    finding = scans()
    assert finding.mark is Mark.INFORMATION and "tesseract-ocr-fra" in finding.advice


def test_without_what_draws_pdf_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reader = tmp_path / "tesseract"
    reader.write_text("#!/bin/sh\necho fra\n")
    reader.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/nowhere")
    assert "poppler-utils" in scans().advice and "PDF" in scans().what
