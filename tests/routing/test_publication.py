"""Publishing a file of rules."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.foundation import ROOT, SYSTEM, Actor, EventRow, FrozenClock, Invalid, NotAllowed, Units
from crm.routing import (
    RoutingCache,
    Rule,
    Table,
    current_table,
    load_routing,
    table_version,
)
from crm.staff import Unit, load_organizations
from tests.staff.organizations import two_organizations

DEMO_RULES = ROOT / "config" / "routing" / "demo.toml"
SMALL = """
    outside_advice = "Voyez la mairie du lieu."
    [groups]
    both = ["99001", "99002"]
    [[rule]]
    category = ["VOIR-01", "VOIR-03"]
    insee = "@both"
    unit = "voirie"
    reason = "Voirie métropolitaine"
    [[rule]]
    domain = "VOIR"
    road_owner = "private"
    decision = "refuse"
    advice = "Voyez le syndic."
    [[rule]]
    category = "ECLA-03"
    answers = { wires = ["yes"] }
    weekdays = ["saturday"]
    starts_at = 18:00:00
    ends_at = 08:00:00
    valid_from = 2026-01-01
    unit = "eclairage"
    priority = 1
    """


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _publish(units: Units, path: Path) -> int:
    with units.begin(SYSTEM) as uow:
        if not uow.session.scalar(sa.select(sa.func.count()).select_from(Unit)):
            two_organizations(uow)
        return load_routing(uow, path)


def _rules(table: Table) -> set[tuple[str | None, ...]]:
    return {(rule.category_code or rule.domain_code, rule.insee, rule.road_owner) for rule in table.rules}


def test_a_file_becomes_a_version_that_reads_back_whole(units: Units, tmp_path: Path) -> None:
    version = _publish(units, _written(tmp_path, SMALL))
    with units.reading() as session:
        table = current_table(session, units.clock.now())
        [fact] = session.scalars(sa.select(EventRow.data).where(EventRow.kind == "routing.published"))
    assert (table.version, table.outside_advice) == (version, "Voyez la mairie du lieu.")
    assert fact == {"version": version, "rules": 6}
    assert _rules(table) == {
        *((category, insee, None) for category in ("VOIR-01", "VOIR-03") for insee in ("99001", "99002")),
        ("VOIR", None, "private"),
        ("ECLA-03", None, None),
    }
    [night] = [rule for rule in table.rules if rule.category_code == "ECLA-03"]
    assert isinstance(night, Rule)
    assert (night.answers, night.weekdays) == ({"wires": ("yes",)}, frozenset({"saturday"}))
    assert (str(night.starts_at), str(night.valid_from), night.priority) == ("18:00:00", "2026-01-01", 1)


def test_a_new_version_takes_over_and_the_former_one_still_explains(
    units: Units, tmp_path: Path, clock: FrozenClock
) -> None:
    first = _publish(units, _written(tmp_path, SMALL))
    before = clock.now()
    clock.at += timedelta(days=1)
    second = _publish(units, _written(tmp_path, SMALL.replace('"VOIR-01", "VOIR-03"', '"VOIR-01"')))
    with units.reading() as session:
        assert (current_table(session, before).version, current_table(session, clock.now()).version) == (
            first,
            second,
        )
        former = table_version(session, first)
        assert former is not None and len(former.rules) == 6
        assert table_version(session, second + 1) is None
        assert current_table(session, before - timedelta(days=1)).rules == ()


def test_the_cache_asks_again_only_after_its_time(units: Units, tmp_path: Path) -> None:
    seconds = [0.0]
    cache = RoutingCache(ttl_seconds=10, ticks=lambda: seconds[0])
    with units.reading() as session:
        assert cache.table(session, units.clock.now()).version == 0
    _publish(units, _written(tmp_path, SMALL))
    with units.reading() as session:
        assert cache.table(session, units.clock.now()).version == 0
        seconds[0] = 10
        fresh = cache.table(session, units.clock.now())
        assert fresh.version == 1
        seconds[0] = 20
        assert cache.table(session, units.clock.now()) is fresh  # same version: not read again


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[rule]]\ncategory = 'VOIR-01'\nunit = 'nulle-part'", ["« nulle-part »"]),
        ("[[rule]]\ninsee = '@nowhere'\nunit = 'voirie'", ["« @nowhere »"]),
        ("[[rule]]\nunit = 'voirie'\n[[rule]]\nunit = 'eclairage'", ["règles 1, 2"]),
        ("[[rule]]\ndecision = 'refuse'\n[[rule]]\ncategory = 'X'", ["règle 1", "règle 2"]),
        ("[[rule]]\ncolour = 'blue'\nweekdays = ['lundi']", ["weekdays", "colour"]),
        ("[[rule", ["rules.toml"]),
        ("", ["rule"]),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_whole(
    units: Units, tmp_path: Path, text: str, told: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        _publish(units, _written(tmp_path, text))
    problems = refused.value.details["problems"]
    assert isinstance(problems, list) and len(problems) == len(told)
    assert all(words in problem for words, problem in zip(told, problems, strict=True))
    with units.reading() as session:
        assert current_table(session, units.clock.now()).version == 0


def test_only_who_sets_up_the_centre_publishes_rules(units: Units, tmp_path: Path) -> None:
    supervisor = Actor(kind="agent", id=1, roles=frozenset({"supervisor"}))
    with units.begin(supervisor) as uow, pytest.raises(NotAllowed):
        load_routing(uow, DEMO_RULES)


def test_the_demonstration_s_rules_can_be_published(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        load_organizations(uow, ROOT / "config" / "demo" / "organizations.toml")
        version = load_routing(uow, DEMO_RULES)
        assert current_table(uow.session, uow.now).version == version
