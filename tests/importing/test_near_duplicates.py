"""The near-duplicate pairs of Paris' open data: how many are proposed, and what else with them.

The figures are in docs/duplicates.md.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from crm.foundation import ROOT, open_engine
from tests.importing.files import run_import
from tests.importing.near_duplicates import live_again

pytestmark = pytest.mark.open_data


def test_most_pairs_are_proposed_within_five(database_url: str, open_data: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(open_data / "requests" / "dansmarue_paris_a.csv", tmp_path))
    run_import(database_url, file, ROOT / "config" / "importers" / "paris-dansmarue.toml")
    engine = open_engine(database_url, forked=True)
    for faster, pairs, share_of_pairs, share_of_shown in ((1, 25, 0.95, 0.85), (50, 200, 0.9, 0.5)):
        with Session(engine) as session:
            figures = live_again(session, faster=faster)
            session.rollback()
        lines = [f"time × {faster}", *figures.lines(), ""]
        sys.stdout.write("\n".join(["", *lines]))  # for who looks (-s)
        assert figures.pairs >= pairs
        assert figures.found >= share_of_pairs * figures.pairs
        assert figures.found >= share_of_shown * figures.shown_with_pairs
