"""The machine: Python, disk, clock's zones, and what was built on it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typst

from crm.channels import can_read_scans
from crm.cli.doctor.findings import Finding, attempt, good, information, wrong
from crm.foundation import ROOT

_STATIC = ROOT / "crm" / "http" / "static"
_LEAST_FREE_BYTES = 1_000_000_000
_OLDEST_PYTHON = (3, 11)


def machine(var: Path) -> list[Finding]:
    return [_python(), _writable(var), _disk(var), _zones(), _assets(), _letters(), scans()]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _OLDEST_PYTHON:
        return good(f"Python {version}")
    return wrong(
        f"Python {version} est trop ancien", "Installez Python 3.11 ou plus récent, puis relancez make run."
    )


def _writable(var: Path) -> Finding:
    place = var
    while not place.exists():
        place = place.parent
    if os.access(place, os.W_OK | os.X_OK):
        return good(f"Dossier de travail : {var}")
    return wrong(
        f"Le dossier {var} n’est pas inscriptible",
        "Donnez-le au compte qui fait tourner le programme, ou nommez-en un autre par CRM_VAR.",
    )


def _disk(var: Path) -> Finding:
    place = var
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    said = f"{free / 1e9:.1f} Go libres".replace(".", ",")
    if free >= _LEAST_FREE_BYTES:
        return good(f"Disque : {said}")
    return wrong(f"Disque presque plein : {said}", f"Libérez au moins 1 Go là où se trouve {var}.")


def _zones() -> Finding:
    def check() -> Finding:
        july = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))
        if july.utcoffset() != timedelta(hours=2):
            return wrong("Fuseaux horaires périmés", "Mettez à jour le paquet tzdata.")
        return good("Fuseaux horaires (Europe/Paris)")

    return attempt(check, "Fuseaux horaires absents", "Installez le paquet tzdata.", ZoneInfoNotFoundError)


def _assets() -> Finding:
    advice = "Lancez « make setup », qui construit les styles et les scripts des écrans."
    try:
        files = json.loads((_STATIC / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return wrong("Les styles et scripts des écrans ne sont pas construits", advice)
    missing = [name for name in files.values() if isinstance(name, str) and not (_STATIC / name).is_file()]
    if missing:
        return wrong(f"Il manque {len(missing)} fichiers parmi les styles et scripts des écrans", advice)
    return good("Styles et scripts des écrans")


def _letters() -> Finding:
    def check() -> Finding:
        return good("Courriers en PDF (Typst)") if typst.compile(b"Essai") else wrong(*trouble)

    trouble = ("Typst n’a pas produit de PDF", "Relancez make run, qui réinstalle les paquets.")
    return attempt(check, *trouble, RuntimeError, OSError)


def scans() -> Finding:
    """Letters that arrive: what of them this machine reads."""
    if not can_read_scans():
        return information(
            "Courriers numérisés : cette machine ne les lit pas, les agents recopient l’essentiel",
            "Pour les lire : apt-get install poppler-utils tesseract-ocr tesseract-ocr-fra",
        )
    if shutil.which("pdftoppm") is None:
        return information(
            "Courriers numérisés : photos et TIFF sont lus, les PDF ne le sont pas",
            "Pour les lire : apt-get install poppler-utils",
        )
    return good("Courriers numérisés lus (tesseract, en français)")
