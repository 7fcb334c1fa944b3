"""From files to tables and back: nothing lost, nothing deleted, right asked for first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.catalogue import CatalogueCache, catalogue, load_catalogue
from crm.catalogue.models import CategoryRow
from crm.foundation import SYSTEM, Actor, EventRow, Invalid, NotAllowed, Sessions, Units
from tests.catalogue.from_files import FOLDER, delivered, leaf


def test_what_the_files_say_is_what_the_snapshot_says(units: Units) -> None:
    # when
    with units.begin(SYSTEM) as uow:
        loaded = load_catalogue(uow, FOLDER)
    # then
    with units.reading() as session:
        kept = catalogue(session)
        fact = session.scalars(sa.select(EventRow.data).where(EventRow.kind == "catalogue.loaded")).one()
    assert kept == delivered()
    assert (loaded.domains, loaded.categories, loaded.retired) == (14, 70, 0)
    assert fact["categories"] == 70


def test_loading_twice_changes_nothing(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        first = load_catalogue(uow, FOLDER)
    with units.begin(SYSTEM) as uow:
        again = load_catalogue(uow, FOLDER)
    assert again == first


def test_a_leaf_and_a_question_left_out_are_retired_and_still_name_old_cases(
    units: Units, tmp_path: Path
) -> None:
    # given
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, FOLDER)
    shutil.copytree(FOLDER, tmp_path / "new")
    (tmp_path / "new" / "mobilier.toml").unlink()
    lighting = tmp_path / "new" / "eclairage.toml"
    lighting.write_text(lighting.read_text("utf-8").replace('key = "count"', 'key = "how_many"'), "utf-8")
    # when
    with units.begin(SYSTEM) as uow:
        loaded = load_catalogue(uow, tmp_path / "new")
        kept = catalogue(uow.session)
    # then
    assert loaded.retired == 3
    bench, lamp = kept.category("MOBU-01"), kept.category("ECLA-01")
    assert bench and lamp
    assert not bench.is_active and bench.label == leaf("MOBU-01").label
    assert kept.in_domain("MOBU") == []
    assert [question.key for question in lamp.questions] == ["mast", "how_many", "fault"]
    assert [question.key for question in lamp.past_questions] == ["count"]


def test_files_with_a_mistake_change_nothing(units: Units, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "new")
    bad = tmp_path / "new" / "eclairage.toml"
    bad.write_text(bad.read_text("utf-8").replace('place = "exact"', 'place = "partout"', 1), "utf-8")
    with units.begin(SYSTEM) as uow, pytest.raises(Invalid):
        load_catalogue(uow, tmp_path / "new")
    with units.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CategoryRow)) == 0


def test_only_who_may_set_up_loads_it(units: Units) -> None:
    advisor = Actor(kind="agent", id=1, roles=frozenset({"advisor"}))
    with units.begin(advisor) as uow, pytest.raises(NotAllowed):
        load_catalogue(uow, FOLDER)


def test_a_process_keeps_the_snapshot_ten_seconds_then_sees_the_change(
    units: Units, sessions: Sessions
) -> None:
    # given
    now = [0.0]
    cache = CatalogueCache(sessions, tick=lambda: now[0])
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, FOLDER)
    before = cache.get()
    # when
    with units.begin(SYSTEM) as uow:
        uow.session.execute(sa.update(CategoryRow).values(label="Autre").where(CategoryRow.code == "ECLA-01"))
    # then
    now[0] = 9.9
    assert cache.get() is before
    now[0] = 10.1
    renamed = cache.get()[0].category("ECLA-01")
    assert renamed and renamed.label == "Autre"
    now[0] = 30.0
    assert cache.get()[1] is not before[1]


def test_the_index_is_not_remade_when_nothing_changed(units: Units, sessions: Sessions) -> None:
    cache = CatalogueCache(sessions)
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, FOLDER)
    before = cache.get()
    cache.forget()
    assert cache.get()[1] is before[1]
