"""The invented métropole: tiles its ground, loads whole, is the same everywhere."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from shapely import coverage_is_valid, union_all
from shapely.geometry import shape

from crm.cli.demo.geography import Geography, write_geography
from crm.foundation import SYSTEM, Units
from crm.territory import load_addresses, load_territory, search_addresses


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Geography:
    return write_geography(tmp_path_factory.mktemp("geography"))


def test_communes_tile_the_ground_without_gap_or_overlap(drawn: Geography) -> None:
    features = json.loads(drawn.communes.read_text(encoding="utf-8"))["features"]
    shapes = [shape(feature["geometry"]) for feature in features]
    assert len(shapes) == 24
    assert coverage_is_valid(shapes)
    whole = union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert sum(one.touches(other) for one, other in combinations(shapes, 2)) >= 40


def test_the_same_files_come_out_twice(drawn: Geography, tmp_path: Path) -> None:
    again = write_geography(tmp_path)
    assert again.addresses.read_bytes() == drawn.addresses.read_bytes()
    assert again.communes.read_bytes() == drawn.communes.read_bytes()


def test_it_loads_whole_and_is_searched(drawn: Geography, units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        communes = load_territory(uow, drawn.communes)
        sectors = load_territory(uow, drawn.sectors)
        addresses = load_addresses(uow, drawn.addresses, streets=drawn.streets)
    assert (communes.rows, sectors.rows) == (24, 9)
    assert 28_000 < addresses.rows < 33_000
    assert (communes.refused, sectors.refused, addresses.refused) == ((), (), ())
    with units.reading() as session:
        hit = search_addresses(session, "12 rue des lilas riv")[0]
        assert (hit.label, hit.precision) == ("12 rue des Lilas, Rivebois", "exact")
        homonyms = search_addresses(session, "rue des lilas", limit=50)
        assert len({hit.insee for hit in homonyms}) > 10
        assert search_addresses(session, "bretelle a99")[0].ownership == "state"
        assert search_addresses(session, "rd 12")[0].ownership == "departmental"
