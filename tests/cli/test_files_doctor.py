"""`crm doctor` tries the storage for real and says what to do."""

from __future__ import annotations

from pathlib import Path

from crm.cli.doctor.files import storage
from crm.cli.doctor.findings import Mark
from crm.foundation import Settings
from crm.foundation.settings import Files
from tests.s3_server import S3Server


def test_a_folder_and_a_store_that_work_are_said_to(tmp_path: Path, s3: S3Server) -> None:
    for settings in (Settings(var=tmp_path), Settings(files=s3.files)):
        found = storage(settings)
        assert found.mark is Mark.GOOD, found.lines()
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_wrong_keys_and_a_server_that_is_away_are_told_apart(s3: S3Server) -> None:
    for changed, words in (
        ({"access_key": "autre"}, "refuse nos clés"),
        ({"s3_url": "http://127.0.0.1:1"}, "joint l’adresse"),
        ({"secret_key": ""}, "secret_key"),
    ):
        told = {**s3.files.model_dump(), **changed}
        found = storage(Settings(files=Files(**told)))
        said = "\n".join(found.lines())
        assert found.mark is Mark.WRONG and words in said, said
        assert s3.files.secret_key.get_secret_value() not in said


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    found = storage(Settings(var=tmp_path))
    assert found.mark is Mark.WRONG and "restent dans la base" in found.advice
