"""Every storage keeps the same promises: one folder, one real S3 server."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.foundation import NotFound, Settings, SettingsError, Unavailable
from crm.foundation.settings import Files
from crm.storage import Storage, open_storage
from tests.s3_server import S3Server


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return open_storage(Settings(var=tmp_path))
    server: S3Server = request.getfixturevalue("s3")
    return open_storage(Settings(files=server.files))


def test_what_is_put_is_given_back(storage: Storage) -> None:
    content = bytes(range(256)) * 9000  # more than one piece of anybody’s
    storage.put("ab/abcdef.jpg", content, "image/jpeg")
    assert storage.exists("ab/abcdef.jpg")
    assert storage.get("ab/abcdef.jpg") == content


def test_put_again_replaces(storage: Storage) -> None:
    for content in (b"first", b"second"):
        storage.put("cd/once.jpg", content, "image/jpeg")
    assert storage.get("cd/once.jpg") == b"second"


def test_what_is_deleted_is_no_more_and_twice_is_once(storage: Storage) -> None:
    storage.put("ef/gone.pdf", b"%PDF-", "application/pdf")
    for _ in range(2):
        storage.delete("ef/gone.pdf")
    assert not storage.exists("ef/gone.pdf")
    with pytest.raises(NotFound):
        storage.get("ef/gone.pdf")


@pytest.mark.parametrize("key", ["../etc/passwd", "/etc/passwd", "a/../b", "a b", "é", "", "a//b", "a/.b"])
def test_a_key_that_is_not_ours_is_never_used(storage: Storage, key: str) -> None:
    for use in (storage.get, storage.exists, storage.delete):
        with pytest.raises(ValueError, match="not a key"):
            use(key)


def test_nothing_of_a_storage_shows_its_secret(storage: Storage, s3: S3Server) -> None:
    secret = s3.files.secret_key.get_secret_value()
    assert secret not in repr(storage) + storage.label


def test_a_server_that_is_away_is_said_to_be(tmp_path: Path, s3: S3Server) -> None:
    gone = s3.files.model_copy(update={"s3_url": "http://127.0.0.1:1"})
    wrong_keys = s3.files.model_copy(update={"access_key": "somebody-else"})
    for files in (gone, wrong_keys):
        away = open_storage(Settings(files=files))
        for use in (lambda s=away: s.put("a", b"1", "text/plain"), lambda s=away: s.get("a")):
            with pytest.raises(Unavailable):
                use()


def test_a_folder_that_cannot_be_written_is_said_to_be_away(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file stands where the folder should be")
    storage = open_storage(Settings(var=tmp_path))
    for use in (lambda: storage.put("a/b", b"1", "text/plain"), lambda: storage.get("a/b")):
        with pytest.raises(Unavailable):
            use()


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    storage = open_storage(Settings(var=tmp_path))
    storage.put("a/b.jpg", b"whole", "image/jpeg")
    assert [path.name for path in (tmp_path / "files" / "a").iterdir()] == ["b.jpg"]


def test_an_address_without_its_keys_stops_the_start() -> None:
    with pytest.raises(SettingsError) as told:
        open_storage(Settings(files=Files(s3_url="https://s3.example.org")))
    assert "files.bucket" in str(told.value) and "files.secret_key" in str(told.value)
