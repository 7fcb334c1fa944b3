"""What the demonstration's own rules say of every category, in every commune."""

from __future__ import annotations

import tomllib
from datetime import datetime

import pytest

from crm.foundation import PARIS, ROOT
from crm.routing import Table, check, decide
from crm.routing.rule_file import read_rule_file, spread_rules
from crm.staff.organization_file import read_organizations
from tests.routing.facts import Service, some_facts

WITHOUT_RULE = {"VOIR-07", "ECLA-04", "VIE-02"}


class Rivebois:
    """The rules of the demonstration and its units, read from their files alone."""

    def __init__(self) -> None:
        entries = read_organizations(ROOT / "config" / "demo" / "organizations.toml", {})
        self.codes = dict(enumerate((unit.code for entry in entries for unit in entry.unit), start=1))
        self.units = {number: Service(number) for number in self.codes}
        read = read_rule_file(ROOT / "config" / "routing" / "demo.toml")
        self.rules = spread_rules(read, {code: number for number, code in self.codes.items()})
        self.table = Table(1, tuple(self.rules), read.outside_advice, read.outside_advice_en)

    def says(self, category: str, **more: object) -> tuple[str, str | None]:
        """The kind of decision and the code of the unit."""
        said = {"category_code": category, "domain_code": category.partition("-")[0], **more}
        decision = decide(some_facts(**said), self.table, self.units)
        assert bool(decision.advice) == (decision.kind in {"refuse", "refer"})
        return decision.kind, self.codes[decision.unit_id] if decision.unit_id else None


@pytest.fixture(scope="module")
def rivebois() -> Rivebois:
    return Rivebois()


def _leaves() -> list[tuple[str, str]]:
    files = sorted((ROOT / "config" / "catalogue").glob("*.toml"))
    read = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    return [(leaf["code"], leaf["place"]) for domain in read for leaf in domain.get("category", ())]


def test_the_rules_do_not_contradict_each_other(rivebois: Rivebois) -> None:
    assert check(rivebois.rules, rivebois.units) == []


def test_every_category_of_every_commune_goes_somewhere_but_for_three(rivebois: Rivebois) -> None:
    leaves = _leaves()
    assert len(leaves) >= 70 and {code for code, _ in leaves} >= WITHOUT_RULE
    for code, place in leaves:
        for insee in [None] if place == "none" else [str(number) for number in range(99001, 99025)]:
            kind, _unit = rivebois.says(code, insee=insee, place_kind=place)
            assert kind == ("qualify" if code in WITHOUT_RULE else "route"), (code, insee)


@pytest.mark.parametrize(
    ("category", "said", "kind", "unit"),
    [
        ("VOIR-01", {}, "route", "voirie-est"),
        ("VOIR-01", {"insee": "99020"}, "route", "voirie-ouest"),
        ("VOIR-01", {"road_owner": "private"}, "refuse", None),
        ("VOIR-02", {"road_owner": "private", "insee": "99005"}, "route", "mairie-99005"),
        ("VOIR-01", {"road_owner": "state"}, "refer", "routes-etat"),
        ("VOIR-01", {"road_owner": "departmental", "insee": "99020"}, "route", "voirie-ouest"),
        ("VOIR-01", {"inside": False, "insee": None}, "refuse", None),
        ("VOIR-04", {"answers": {"marking": "water"}}, "route", "eau"),
        ("ECLA-01", {}, "route", "eclairage-est"),
        ("ECLA-01", {"insee": "99015"}, "route", "eclairage-ouest"),
        ("ECLA-01", {"sector_code": "99001-OUEST"}, "route", "eclairage-ouest"),
        ("VOIR-03", {"sector_code": "99001-OUEST"}, "route", "voirie-ouest"),
        ("VOIR-03", {"sector_code": "99001-EST"}, "route", "voirie-est"),
        ("ECLA-01", {"insee": "99024"}, "route", "mairie-99024"),
        ("ECLA-01", {"road_owner": "private"}, "refuse", None),
        ("PROP-03", {"insee": "99021"}, "route", "mairie-99021"),
        ("PROP-01", {"answers": {"nature": "hazardous"}}, "route", "astreinte"),
        ("VERT-02", {"answers": {"owner": "private"}, "insee": "99003"}, "route", "mairie-99003"),
        ("VERT-05", {"answers": {"where": "building"}}, "refuse", None),
        ("MOBI-01", {"insee": "99009"}, "route", "mairie-99009"),
        ("EAU-01", {"road_owner": "private"}, "route", "eau"),
    ],
)
def test_the_demonstration_s_competences(
    rivebois: Rivebois, category: str, said: dict[str, object], kind: str, unit: str | None
) -> None:
    assert rivebois.says(category, **said) == (kind, unit)


@pytest.mark.parametrize(
    ("category", "received", "unit"),
    [
        ("VOIR-02", "2026-09-15 21:00", "astreinte"),
        ("VOIR-02", "2026-09-15 10:00", "voirie-est"),
        ("VOIR-01", "2026-09-15 21:00", "voirie-est"),
        ("SIGN-01", "2026-09-19 11:00", "astreinte"),
        ("HABI-02", "2026-09-20 03:00", "astreinte"),
    ],
)
def test_at_night_and_on_week_ends_the_on_call_team_answers_for_dangers(
    rivebois: Rivebois, category: str, received: str, unit: str
) -> None:
    at = datetime.fromisoformat(received).replace(tzinfo=PARIS)
    assert rivebois.says(category, received_at=at) == ("route", unit)
    if unit == "astreinte":  # whatever the sector or the owner of a public road
        for more in ({"sector_code": "99001-OUEST"}, {"road_owner": "departmental"}):
            assert rivebois.says(category, received_at=at, **more) == ("route", unit)


@pytest.mark.parametrize(
    ("day", "unit"), [("2025-12-31", "eclairage-est"), ("2026-01-01", "eclairage-ouest")]
)
def test_a_commune_changed_hands_on_new_year_s_day(rivebois: Rivebois, day: str, unit: str) -> None:
    at = datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=PARIS)
    assert rivebois.says("ECLA-01", insee="99012", received_at=at) == ("route", unit)
