"""Taking in another tool's cases: whole, once, with a reference of ours, and without writing to anybody."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from crm.cases import parse_reference
from crm.foundation import ROOT, Actor, NotAllowed, Units
from crm.intake import import_cases
from crm.staff import PastOrganization
from tests.importing.files import (
    GOOD,
    command,
    count,
    good_rows,
    rejected,
    run_import,
    write_mapping,
    write_rows,
)
from tests.importing.questions import one_row, rows


def test_a_case_comes_in_whole_and_nobody_is_written_to(database_url: str, tmp_path: Path) -> None:
    # Given a closed case that came by telephone, then by e-mail
    file = write_rows(tmp_path, GOOD.format("A1", 4).replace("Téléphone", "Téléphone|Courriel"))
    # When it is taken in
    told = run_import(database_url, file, write_mapping(tmp_path))
    assert told.returncode == 0, told.said
    # Then it has a reference of its year, and is closed with the reason why nobody is answered
    case = one_row(database_url, "SELECT * FROM cases")
    assert parse_reference(case["reference"]).startswith("2024-")
    assert (case["state"], case["outcome"], case["no_answer_reason"]) == ("closed", "F", "anonymous")
    assert (case["channel"], case["place_label"], case["lon"]) == ("phone", "3 rue des Lilas", 3.9)
    assert len(case["public_token"]) >= 32
    # And both ways it came are exchanges, the category and the service are kept without being offered
    assert [r["channel"] for r in rows(database_url, "SELECT * FROM interactions ORDER BY id")] == [
        "phone",
        "email",
    ]
    category = one_row(database_url, "SELECT * FROM categories")
    assert (category["label"], category["is_active"], category["code"]) == (
        "Nid-de-poule", False, case["category_code"],
    )  # fmt: skip
    assert one_row(database_url, "SELECT * FROM units")["is_active"] is False
    # And its facts stand, with nothing that must follow
    facts = rows(database_url, "SELECT kind, at FROM events WHERE subject_kind = 'case' ORDER BY id")
    assert [fact["kind"] for fact in facts] == [
        "case.opened", "interaction.recorded", "interaction.recorded", "case.routed", "case.closed",
    ]  # fmt: skip
    assert facts[0]["at"] == case["received_at"]
    assert count(database_url, "SELECT count(*) FROM deliveries") == 0


def test_again_is_not_twice_and_equal_lines_are_as_many_requests(database_url: str, tmp_path: Path) -> None:
    file = write_rows(
        tmp_path, *good_rows(5), good_rows(1)[0].replace("N0,", ",").replace(",Close", ",Close")
    )
    anonymous = write_mapping(tmp_path)
    run_import(database_url, file, anonymous)
    again = run_import(database_url, file, anonymous)
    assert "0 demandes importées, 5 déjà là, 1 refusées" in again.said
    # Without identifiers, three equal lines are three requests, and stay three
    without_id = anonymous.read_text(encoding="utf-8").replace('id = "numero"\n', "")
    mapping = write_mapping(tmp_path, without_id.replace("ville-voisine", "ville-lointaine"))
    twins = write_rows(tmp_path, *[GOOD.format("", 1)] * 3)
    assert "3 demandes importées" in run_import(database_url, twins, mapping).said
    assert "3 déjà là" in run_import(database_url, twins, mapping).said


def test_killed_in_the_middle_it_resumes_without_doubling_a_row(database_url: str, tmp_path: Path) -> None:
    file, mapping = write_rows(tmp_path, *good_rows(6000)), write_mapping(tmp_path)
    process = subprocess.Popen(
        command(file, mapping),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # When the machine stops it dead after at least one chunk
    end = time.monotonic() + 60
    while count(database_url, "SELECT count(*) FROM cases") < 1000 and time.monotonic() < end:
        time.sleep(0.02)
    process.kill()
    process.wait()
    # Then every chunk is whole: a case never stands without its exchange and its facts
    for kind in ("case.opened", "case.closed", "interaction.recorded"):
        facts = count(database_url, f"SELECT count(*) FROM events WHERE kind = '{kind}'")
        assert facts == count(database_url, "SELECT count(*) FROM cases")
    # And running it again ends the work
    told = run_import(database_url, file, mapping)
    assert told.returncode == 0, told.said
    assert count(database_url, "SELECT count(*) FROM cases") == 6000
    assert count(database_url, "SELECT count(*) FROM interactions") == 6000
    assert count(database_url, "SELECT count(DISTINCT reference) FROM cases") == 6000


def test_only_the_programme_imports(units: Units) -> None:
    advisor = Actor(kind="agent", id=1, roles=frozenset({"advisor", "supervisor", "config_admin"}))
    with units.begin(advisor) as uow, pytest.raises(NotAllowed):
        import_cases(uow, PastOrganization("x", "X", "other"), [])


def test_nothing_refused_leaves_no_file(database_url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path, *good_rows(2))
    run_import(database_url, file, write_mapping(tmp_path))
    assert rejected(file) == []
    assert [path.name for path in tmp_path.glob("*rejets*")] == []
