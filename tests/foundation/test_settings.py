"""Settings: every wrong and every missing one is named at once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from crm.foundation import ROOT, Settings, SettingsError


def _keys(model: type[BaseModel]) -> dict[str, Any]:
    """The keys that a file may hold, tables within tables."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        kinds = [kind for kind in (field.annotation, *get_args(field.annotation)) if isinstance(kind, type)]
        table = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
        found[name] = _keys(table) if table else None
    return found


def _written(values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        table = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        found[name] = _written(table) if isinstance(table, dict) and name != "lines" else None
    return found


def test_the_file_of_defaults_names_everything_that_can_be_set() -> None:
    text = (ROOT / "config" / "default.toml").read_text(encoding="utf-8")
    put_in = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE)

    assert _written(tomllib.loads(put_in)) == _keys(Settings)


def test_what_an_identity_provider_is_not_told_keeps_its_default(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[identity_agents]\nissuer = "https://provider.example"\nclient_id = "crm"\n')

    agents = Settings.load(own, {}).identity_agents

    assert agents.label == "ProConnect"
    assert "siret" in agents.scope


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
