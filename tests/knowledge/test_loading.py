"""Reply templates from files to tables and back."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.catalogue import load_catalogue
from crm.foundation import SYSTEM, Actor, Invalid, NotAllowed, Units
from crm.knowledge import load_replies, reply_templates
from crm.knowledge.models import ReplyTemplateRow
from tests.catalogue.from_files import FOLDER as CATALOGUE
from tests.knowledge.replies import FOLDER, replies

ONE = 'message = "delay"\n[[template]]\nsubject = "Demande {reference}"\nbody = "Le {due_date}."\n'


@pytest.fixture
def ready(units: Units) -> Units:
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, CATALOGUE)
    return units


def test_what_the_files_say_is_what_is_chosen_among(ready: Units) -> None:
    with ready.begin(SYSTEM) as uow:
        loaded = load_replies(uow, FOLDER)
    with ready.reading() as session:
        assert set(reply_templates(session)) == set(replies())
        assert {t.message for t in reply_templates(session, "delay")} == {"delay"}
    assert loaded.templates == len(replies())


def test_loading_again_updates_in_place_and_retires_what_is_left_out(ready: Units, tmp_path: Path) -> None:
    # given
    with ready.begin(SYSTEM) as uow:
        load_replies(uow, FOLDER)
    (tmp_path / "delay.toml").write_text(ONE, encoding="utf-8")
    # when
    with ready.begin(SYSTEM) as uow:
        loaded = load_replies(uow, tmp_path)
    with ready.begin(SYSTEM) as uow:
        load_replies(uow, tmp_path)
    # then
    with ready.reading() as session:
        (kept,) = reply_templates(session)
        rows = session.scalar(sa.select(sa.func.count()).select_from(ReplyTemplateRow))
    assert kept.body == "Le {due_date}."
    assert loaded.retired == len(replies()) - 1
    assert rows == len(replies())


def test_mistakes_are_all_named(ready: Units, tmp_path: Path) -> None:
    # given
    (tmp_path / "a.toml").write_text(ONE, encoding="utf-8")
    (tmp_path / "b.toml").write_text(ONE, encoding="utf-8")
    use = 'outcome = "ZZ"\ncategory = "LUNE-01"\nsubject = "x"'
    wrong = f'message = "answer"\n[[template]]\n{use}\nbody = "{{prenom}}"\n'
    (tmp_path / "c.toml").write_text(wrong, encoding="utf-8")
    (tmp_path / "d.toml").write_text('message = "hello"\n[[template]]\nbody = "x"\n', encoding="utf-8")
    # when
    with ready.begin(SYSTEM) as uow, pytest.raises(Invalid) as refused:
        load_replies(uow, tmp_path)
    # then
    said = refused.value.fields
    assert set(said) == {"b.toml delay", "c.toml answer ZZ LUNE-01", "d.toml message"}
    assert "même usage" in said["b.toml delay"]
    for part in ("{prenom}", "ZZ", "LUNE-01"):
        assert part in said["c.toml answer ZZ LUNE-01"]


def test_only_who_may_set_up_loads_them(ready: Units) -> None:
    advisor = Actor(kind="agent", id=1, roles=frozenset({"advisor"}))
    with ready.begin(advisor) as uow, pytest.raises(NotAllowed):
        load_replies(uow, FOLDER)
