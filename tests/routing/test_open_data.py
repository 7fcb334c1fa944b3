"""What the past teaches on real reports: Paris, half of Dans ma rue, one report in five kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from crm.cli.root import crm
from crm.cli.routing import read_assignments
from crm.routing import learn, score

pytestmark = pytest.mark.open_data
_COLUMNS = "soustype,arrondissement,intervenant"


def test_proposals_beat_the_majority_on_reports_they_have_not_seen(open_data: Path) -> None:
    seen = read_assignments(open_data / "requests" / "dansmarue_paris_a.csv", _COLUMNS)
    held, learnt = seen[::5], [one for place, one in enumerate(seen) if place % 5]
    found = score(learn(learnt), learnt, held)
    assert found.right / found.answered > 0.98  # the figures are in docs/competence.md
    assert found.share(found.answered) > 0.94
    assert found.share(found.right) > 3 * found.share(found.majority_right)


def test_the_command_tells_the_score_and_writes_rules(open_data: Path) -> None:
    file = str(open_data / "requests" / "dansmarue_paris_a.csv")
    told = CliRunner().invoke(crm, ["routing", "learn", "--csv", file, "--columns", _COLUMNS, "--score"])
    assert told.exit_code == 0 and "gardées à part" in told.output
    rules = CliRunner().invoke(crm, ["routing", "learn", "--csv", file, "--columns", _COLUMNS])
    assert rules.output.count("[[rule]]") > 100 and 'unit = "graffitis"' in rules.output
