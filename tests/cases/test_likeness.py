"""What makes two demands look like one: near, in the same words, lately; whatever they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from crm.cases.together.grid import cell_of, cells_around, metres
from crm.cases.together.likeness import EXACT_METRES, freshness, likeness, words_in_common

NOW = datetime(2026, 9, 15, 8, tzinfo=UTC)
TEXTS = st.text(max_size=80)
LONS, LATS = st.floats(-5, 10), st.floats(41, 52)
AGES = st.timedeltas(timedelta(0), timedelta(days=400))


@any_of(st.one_of(st.none(), st.floats(0, 500)), TEXTS, TEXTS, AGES)
def test_a_likeness_is_between_nothing_and_the_same(
    away: float | None, said: str, other: str, age: timedelta
) -> None:
    assert 0 <= likeness(away, EXACT_METRES, said, other, NOW - age, NOW) <= 1


@any_of(TEXTS, TEXTS)
def test_words_in_common_are_the_same_both_ways(said: str, other: str) -> None:
    assert words_in_common(said, other) == words_in_common(other, said)


@any_of(st.lists(st.floats(0, EXACT_METRES), min_size=2, max_size=6), TEXTS, AGES)
def test_nearer_is_never_less_alike(distances: list[float], said: str, age: timedelta) -> None:
    found = [likeness(d, EXACT_METRES, said, "trou", NOW - age, NOW) for d in sorted(distances)]
    assert all(nearer >= further for nearer, further in pairwise(found))


@any_of(st.lists(AGES, min_size=2, max_size=6))
def test_older_is_never_fresher(ages: list[timedelta]) -> None:
    found = [freshness(NOW - age, NOW) for age in sorted(ages)]
    assert all(newer >= older for newer, older in pairwise(found))


def test_the_same_words_now_at_the_same_place_are_the_same() -> None:
    assert likeness(0, EXACT_METRES, "lampadaire éteint", "Lampadaire éteint", NOW, NOW) == 1


@pytest.mark.parametrize(
    ("said", "other"),
    [("lampadaire éteint", "lampadaires éteints"), ("Trou dans la chaussée", "un trou sur la CHAUSSEE !")],
)
def test_inflections_accents_and_small_words_do_not_count(said: str, other: str) -> None:
    assert words_in_common(said, other) == 1


@any_of(LONS, LATS, st.floats(-150, 150), st.floats(-150, 150))
def test_whatever_is_within_150_m_is_in_the_cells_around(
    lon: float, lat: float, east: float, north: float
) -> None:
    other_lat = lat + north / 111_195
    other_lon = lon + east / 111_195 / 0.6157  # the least cosine of these latitudes: never further than said
    if metres(lon, lat, other_lon, other_lat) <= 150:
        assert cell_of(other_lon, other_lat) in cells_around(lon, lat)


@any_of(LONS, LATS)
def test_a_cell_fits_an_integer_and_is_among_its_own_neighbours(lon: float, lat: float) -> None:
    cell = cell_of(lon, lat)
    assert cell is not None and 0 <= cell < 2**31
    assert cell in cells_around(lon, lat) and len(set(cells_around(lon, lat))) == 9


def test_a_commune_has_a_cell_of_its_own() -> None:
    assert cell_of(None, None, "34172") == -34172
    assert cell_of(None, None, "2A004") != cell_of(None, None, "2B004")
    assert cell_of(None, None, None) is None and cell_of(None, None, "abc") is None
    assert cell_of(3.88, 43.61, "34172") != -34172


def test_a_degree_is_111_km() -> None:
    assert metres(3.0, 43.0, 3.0, 44.0) == pytest.approx(111_195, rel=1e-4)
