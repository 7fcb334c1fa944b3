"""The real files of Paris and Montréal, whole."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from crm.foundation import ROOT
from tests.importing.files import count, run_import
from tests.importing.questions import rows

pytestmark = pytest.mark.open_data
IMPORTERS = ROOT / "config" / "importers"


def _taken(said: str) -> tuple[int, int, int]:
    found = re.search(r"(\d+) demandes importées, (\d+) déjà là, (\d+) refusées", said)
    assert found, said
    new, known, refused = (int(number) for number in found.groups())
    return new, known, refused


def test_paris_comes_in_whole(database_url: str, open_data: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(open_data / "requests" / "dansmarue_paris_a.csv", tmp_path))
    told = run_import(database_url, file, IMPORTERS / "paris-dansmarue.toml")
    sys.stdout.write(told.said)  # the rate, for who looks (-s)
    assert _taken(told.said) == (5016, 0, 0)
    assert count(database_url, "SELECT count(*) FROM categories") == 201
    assert count(database_url, "SELECT count(*) FROM domains") == 10
    assert count(database_url, "SELECT count(*) FROM units") == 39
    by_channel = rows(database_url, "SELECT channel, count(*) AS n FROM cases GROUP BY channel")
    assert {row["channel"]: row["n"] for row in by_channel} == {"app": 4815, "web": 157, "field": 44}
    assert _taken(run_import(database_url, file, IMPORTERS / "paris-dansmarue.toml").said) == (0, 5016, 0)


def test_montreal_comes_in_with_every_channel_of_a_cell(
    database_url: str, open_data: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copy(open_data / "requests" / "montreal311_plateau_2022_2023.csv", tmp_path))
    told = run_import(database_url, file, IMPORTERS / "montreal-311.toml")
    sys.stdout.write(told.said)  # the rate, for who looks (-s)
    assert _taken(told.said) == (52388, 0, 0)
    assert count(database_url, "SELECT count(*) FROM cases") == 52388
    assert count(database_url, "SELECT count(*) FROM categories") == 217
    # Each channel of a cell after the first is an exchange of its own
    further = count(database_url, "SELECT count(*) FROM interactions WHERE kind = 'message'")
    assert count(database_url, "SELECT count(*) FROM interactions") == 52388 + further
    assert further == _further_channels(file)
    assert count(database_url, "SELECT count(*) FROM cases WHERE closed_at IS NULL") == 217
    assert count(database_url, "SELECT count(*) FROM deliveries") == 0


def _further_channels(file: Path) -> int:
    return sum(line.count("|") for line in file.read_text(encoding="utf-8").splitlines())
