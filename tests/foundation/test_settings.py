"""Settings: every wrong and every missing one is named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.foundation import Settings, SettingsError


def test_without_any_file_of_ours_the_defaults_serve(tmp_path: Path) -> None:
    settings = Settings.load(environ={})

    assert settings.demo is True
    assert settings.centre.site_url == "http://127.0.0.1:8000"


def test_links_follow_the_port_until_a_public_address_is_set(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[centre]\nsite_url = "https://demandes.example"\n')

    assert Settings.load(environ={"PORT": "8123"}).centre.site_url == "http://127.0.0.1:8123"
    assert Settings.load(own, {"PORT": "8123"}).centre.site_url == "https://demandes.example"


def test_a_secret_comes_from_the_environment_and_never_shows(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('secret_key = "env:OUR_KEY"\ndatabase_url = "postgresql://u:hidden@db/crm"\n')

    settings = Settings.load(own, {"OUR_KEY": "very-secret"})

    assert settings.secret_key.get_secret_value() == "very-secret"
    assert "very-secret" not in repr(settings) and "hidden" not in repr(settings)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'colour = "blue"\nport = "many"\nsecret_key = "env:ABSENT"\n'
        '[mail]\nsecurity = "perhaps"\nhots = "mx"\n'
    )

    with pytest.raises(SettingsError) as refused:
        Settings.load(own, {})

    told = str(refused.value)
    for name in ("colour", "port", "mail.security", "mail.hots", "ABSENT"):
        assert name in told


@pytest.mark.parametrize("text", ["this is not toml", "[mail\nhost = 1"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)

    with pytest.raises(SettingsError, match=r"own\.toml"):
        Settings.load(own, {})


def test_a_missing_file_is_named_with_the_variable_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CRM_CONFIG"):
        Settings.load(environ={"CRM_CONFIG": str(tmp_path / "absent.toml")})
