"""Taking in the files of a territory: right rows kept, wrong ones refused with their line."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.foundation import SYSTEM, Actor, EventRow, Invalid, NotAllowed, Units
from crm.territory import (
    Address,
    Commune,
    Loaded,
    Sector,
    Street,
    load_addresses,
    load_streets,
    load_territory,
)
from tests.territory.given import ADDRESSES, STREETS, commune, geojson, square, two_communes

HEADER = "numero,suffixe,voie,code_voie,insee,lon,lat\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "adresses.csv"
    path.write_bytes(text.encode(encoding))
    return path


def take(units: Units, path: Path, streets: Path | None = None) -> Loaded:
    with units.begin(SYSTEM) as uow:
        return load_addresses(uow, path, streets=streets)


def count(units: Units, table: type) -> int:
    with units.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_same_file_twice_changes_nothing(units: Units, communes: Loaded, tmp_path: Path) -> None:
    # given
    streets = tmp_path / "voies.csv"
    streets.write_text(STREETS, encoding="utf-8")
    path = written(tmp_path, ADDRESSES)
    first = take(units, path, streets)
    # when
    second = take(units, path, streets)
    with units.begin(SYSTEM) as uow:
        again = load_territory(uow, two_communes(tmp_path))
    # then
    assert (first.rows, first.changed, first.refused) == (9, 9, ())
    assert (second.rows, second.changed) == (9, 0)
    assert (again.rows, again.changed) == (2, 0)
    assert (count(units, Address), count(units, Street), count(units, Commune)) == (9, 6, 2)


def test_a_changed_row_is_changed_alone(units: Units, communes: Loaded, tmp_path: Path) -> None:
    take(units, written(tmp_path, ADDRESSES))
    moved = ADDRESSES.replace("3.9050,43.6050", "3.9051,43.6051")
    assert take(units, written(tmp_path, moved)).changed == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("12,,,7,99801,3.9,43.6", "voie : valeur manquante"),
        ("12,,Rue Basse,7,,3.9,43.6", "insee : valeur manquante"),
        ("12,,Rue Basse,7,99801", "lon : valeur manquante"),
        ("douze,,Rue Basse,7,99801,3.9,43.6", "numero : nombre entier attendu"),
        ("12,,Rue Basse,7,99801,est,43.6", "lon : degrés attendus"),
        ("12,,Rue Basse,7,99801,nan,43.6", "lon : degrés attendus"),
        ("12,,Rue Basse,7,99801,390,43.6", "lon : degrés attendus"),
        ("12,,Rue Basse,7,99801,4.4,43.2", "km de sa commune"),  # in the sea
        ("12,,Rue Basse,7,99801,43.6,3.9", "km de sa commune"),  # the wrong way round
        ("12,,Rue Basse,7,75056,3.9,43.6", "commune 75056 inconnue"),
        ("12,?,Rue Basse,7,99801,3.9,43.6", None),
        (f"12,,{'a' * 300},7,99801,3.9,43.6", "voie : nom illisible ou trop long"),
        ("12,,🙂,7,99801,3.9,43.6", "voie : nom illisible ou trop long"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line_and_the_others_are_kept(
    units: Units, communes: Loaded, tmp_path: Path, row: str, why: str | None
) -> None:
    good = "1,,Rue Haute,6,99801,3.9,43.6"
    loaded = take(units, written(tmp_path, f"{HEADER}{good}\n{row}\n{good.replace('1,', '3,', 1)}\n"))
    told = [(refusal.line, refusal.reason) for refusal in loaded.refused]
    assert loaded.rows == (3 if why is None else 2)
    assert [line for line, _ in told] == ([] if why is None else [3])
    assert why is None or why in told[0][1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_any_usual_encoding_and_separator_is_read(
    units: Units, communes: Loaded, tmp_path: Path, encoding: str
) -> None:
    text = "numero;voie;insee;lon;lat\n12;Allée des Chênes;99801;3,9;43,6\n"
    assert take(units, written(tmp_path, text, encoding)).rows == 1
    with units.reading() as session:
        assert session.scalars(sa.select(Street.name)).all() == ["Allée des Chênes"]


def test_a_missing_column_refuses_the_file_and_names_it(
    units: Units, communes: Loaded, tmp_path: Path
) -> None:
    path = written(tmp_path, "numero,voie,lon,lat\n12,Rue Haute,3.9,43.6\n")
    with pytest.raises(Invalid) as refusal:
        take(units, path)
    assert refusal.value.fields == {"insee": "missing_column"}


def test_owners_are_understood_and_never_guessed(units: Units, communes: Loaded, tmp_path: Path) -> None:
    path = tmp_path / "voies.csv"
    path.write_text(STREETS, encoding="utf-8")
    with units.begin(SYSTEM) as uow:
        assert load_streets(uow, path).rows == 6
    with units.reading() as session:
        owners = dict(session.execute(sa.select(Street.insee + Street.code, Street.ownership)).all())
    assert owners["998011"] == "public"
    assert owners["998021"] == "private"
    assert owners["998023"] == "departmental"
    assert owners["998015"] == "unknown"  # half public, half private: somebody must look


def test_addresses_alone_do_not_forget_who_owns_a_street(
    units: Units, communes: Loaded, tmp_path: Path
) -> None:
    streets = tmp_path / "voies.csv"
    streets.write_text(STREETS, encoding="utf-8")
    take(units, written(tmp_path, ADDRESSES), streets)
    take(units, written(tmp_path, ADDRESSES))
    with units.reading() as session:
        assert session.scalar(sa.select(Street.ownership).where(Street.insee == "99802", Street.code == "1"))


def test_two_sectors_with_one_code_are_told_apart(units: Units, communes: Loaded, tmp_path: Path) -> None:
    west, east = square(3.88, 3.90), square(3.90, 3.92)
    path = geojson(
        tmp_path / "sectors.geojson",
        {"type": "Feature", "properties": {"squartmno": "NOR", "libsquart": "Le Moulin"}, "geometry": west},
        {"type": "Feature", "properties": {"squartmno": "NOR", "libsquart": "Le Port"}, "geometry": east},
        {"type": "Feature", "properties": {"code": "X", "nom": "Loin"}, "geometry": square(5, 6)},
    )
    with units.begin(SYSTEM) as uow:
        loaded = load_territory(uow, path)
    with units.reading() as session:
        names = dict(session.execute(sa.select(Sector.code, Sector.name)).all())
    assert names == {"NOR": "Le Moulin", "NOR-2": "Le Port"}
    assert [refusal.line for refusal in loaded.refused] == [3]


@pytest.mark.parametrize(
    "feature",
    [
        {"type": "Feature", "properties": None, "geometry": square(1, 2)},
        {"type": "Feature", "properties": {"nom": "Sans code"}, "geometry": square(1, 2)},
        {"type": "Feature", "properties": {"insee": "1", "nom": "X"}, "geometry": None},
        {
            "type": "Feature",
            "properties": {"insee": "1", "nom": "X"},
            "geometry": {"type": "Point", "coordinates": [1, 2]},
        },
        {
            "type": "Feature",
            "properties": {"insee": "1", "nom": "X"},
            "geometry": {"type": "Polygon", "coordinates": [[[770000, 6279000]] * 4]},
        },
        "nothing",
    ],
)
def test_an_unreadable_shape_is_refused_alone(units: Units, tmp_path: Path, feature: object) -> None:
    path = geojson(tmp_path / "c.geojson", commune("99801", "Aubreval", 3.88, 3.92), feature)
    with units.begin(SYSTEM) as uow:
        loaded = load_territory(uow, path)
    assert (loaded.rows, [refusal.line for refusal in loaded.refused]) == (1, [2])


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"not json", b"\xff\xfe\x00", b'{"features": 3}'])
def test_what_is_not_geojson_is_refused_whole(units: Units, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.geojson"
    path.write_bytes(content)
    with units.begin(SYSTEM) as uow, pytest.raises(Invalid):
        load_territory(uow, path)


def test_a_load_is_recorded_without_names(units: Units, communes: Loaded) -> None:
    with units.reading() as session:
        told = session.scalars(sa.select(EventRow.data).where(EventRow.kind == "territory.loaded")).all()
    assert told[-1] == {"part": "communes", "rows": 2, "changed": 2, "refused": 0}


def test_only_those_who_may_load_do(units: Units, tmp_path: Path) -> None:
    advisor = Actor(kind="agent", id=1, roles=frozenset({"advisor"}))
    for load in (load_territory, load_streets, load_addresses):
        with units.begin(advisor) as uow, pytest.raises(NotAllowed):
            load(uow, tmp_path / "not-even-read")
