"""Takes in the files of a territory. Taking the same file twice changes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.territory.atlas import Atlas, atlas
from crm.territory.boundaries import Zone, read_zones
from crm.territory.bulk import Progress, write_addresses, write_streets
from crm.territory.events import TerritoryLoaded
from crm.territory.kept import forget
from crm.territory.models import Address, Commune, Sector, Street
from crm.territory.reading import AddressRow, Refusal, StreetRow, read_addresses, read_streets
from crm.territory.spelling import street_key

FAR_M = 3_000  # an address further than this outside its own commune has wrong coordinates or a wrong commune


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: rows accepted, how many of them were new or different, rows refused."""

    rows: int
    changed: int
    refused: tuple[Refusal, ...]


def load_territory(uow: UnitOfWork, path: Path) -> Loaded:
    """Communes (`insee`, `nom`) and sectors (`code` or the open data's own columns) of a GeoJSON file.

    Raises:
        NotAllowed.
        Invalid: the file is not a GeoJSON FeatureCollection.
    """
    require(uow.actor, Permission.TERRITORY_LOAD)
    zones, refused = read_zones(path)
    communes = [zone for zone in zones if not zone.code]
    changed = _write_communes(uow, communes)
    forget()  # the sectors below are placed among the communes just written
    sectors, homeless = _at_home(atlas.get(uow.session), [zone for zone in zones if zone.code])
    changed += _write_sectors(uow, sectors)
    rows = len(communes) + len(sectors)
    return _told(uow, "sectors" if sectors else "communes", rows, changed, [*refused, *homeless])


def load_streets(uow: UnitOfWork, path: Path, *, insee: str | None = None) -> Loaded:
    """Streets and their owners, from a CSV file.

    Args:
        insee: the commune of the rows that do not say theirs.

    Raises:
        NotAllowed.
        Invalid: a compulsory column is missing.
    """
    require(uow.actor, Permission.TERRITORY_LOAD)
    read, refused = read_streets(path)
    return _load_streets(uow, read, refused, defaultdict(set), {insee} if insee else set())


def load_addresses(
    uow: UnitOfWork, path: Path, *, streets: Path | None = None, progress: Progress | None = None
) -> Loaded:
    """Addresses, from a CSV file; each row's own INSEE code wins over the polygon its point falls in.

    Args:
        streets: the streets' own file, which says who owns them; addresses tell in which commune each is.
        progress: called now and then with (rows written, rows in all).

    Raises:
        NotAllowed.
        Invalid: a compulsory column is missing.
    """
    require(uow.actor, Permission.TERRITORY_LOAD)
    read, refused = read_addresses(path)
    ground = atlas.get(uow.session)
    rows, misplaced = _in_place(ground, read)
    refused = [*refused, *misplaced]
    if streets:
        of_code: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            of_code[row.street_code].add(row.insee)
        _load_streets(uow, *read_streets(streets), of_code, {row.insee for row in rows})
    named = {(row.insee, row.street_code): row.street for row in rows}
    lines = [(*key, name, street_key(name), "unknown", "", None) for key, name in named.items()]
    write_streets(uow.session, lines, known=False)
    changed = write_addresses(uow.session, _address_lines(ground, rows), progress)
    return _told(uow, "addresses", len(rows), changed, refused)


def remove_commune(uow: UnitOfWork, insee: str) -> None:
    """A commune where nothing happened, with its sectors, streets and addresses. Raises NotAllowed."""
    require(uow.actor, Permission.TERRITORY_LOAD)
    for table in (Address, Street, Sector, Commune):
        uow.session.execute(sa.delete(table).where(table.insee == insee))
    forget()


def _told(uow: UnitOfWork, part: str, rows: int, changed: int, refused: Sequence[Refusal]) -> Loaded:
    forget()
    fact = TerritoryLoaded(subject_id=0, part=part, rows=rows, changed=changed, refused=len(refused))
    uow.record(fact)
    return Loaded(rows=rows, changed=changed, refused=tuple(sorted(refused, key=lambda r: r.line)))


def _write_communes(uow: UnitOfWork, zones: Sequence[Zone]) -> int:
    changed = 0
    for zone in zones:
        values = _shape(zone) | {
            "name_folded": street_key(zone.name),
            "postcode": zone.postcode,
            "is_member": zone.is_member,
        }
        changed += _upsert(uow, Commune, {"insee": zone.insee}, values)
    return changed


def _write_sectors(uow: UnitOfWork, sectors: Iterable[tuple[str, str, Zone]]) -> int:
    return sum(
        _upsert(uow, Sector, {"code": code}, _shape(zone) | {"insee": insee}) for code, insee, zone in sectors
    )


def _shape(zone: Zone) -> dict[str, object]:
    box = {"west": zone.west, "south": zone.south, "east": zone.east, "north": zone.north}
    return {"name": zone.name, "boundary": zone.geometry, **box}


def _upsert(
    uow: UnitOfWork, table: type[Commune | Sector], key: dict[str, object], values: dict[str, object]
) -> int:
    """Write one row unless it is there already, the same. Returns how many rows were touched."""
    statement = insert(table).values(key | values)
    differs = [getattr(table, name).is_distinct_from(statement.excluded[name]) for name in values]
    done = uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=list(key),
            set_={name: statement.excluded[name] for name in values},
            where=sa.or_(*differs),
        ).returning(sa.literal(1))
    )
    return len(done.all())


def _at_home(ground: Atlas, zones: Sequence[Zone]) -> tuple[list[tuple[str, str, Zone]], list[Refusal]]:
    """Sectors with a code of their own and their commune. Open data sometimes gives two sectors one code."""
    placed: list[tuple[str, str, Zone]] = []
    refused: list[Refusal] = []
    seen: Counter[str] = Counter()
    for zone in zones:
        found = ground.commune_at(*zone.middle)
        insee = zone.insee or (found[0].insee if found and found[1] == 0 else "")
        if ground.commune(insee) is None:
            refused.append(Refusal(zone.line, "secteur hors des communes chargées : chargez-les d’abord"))
            continue
        seen[zone.code] += 1
        code = zone.code if seen[zone.code] == 1 else f"{zone.code}-{seen[zone.code]}"
        placed.append((code, insee, zone))
    return placed, refused


def _load_streets(
    uow: UnitOfWork,
    read: Sequence[StreetRow],
    refused: Sequence[Refusal],
    of_code: Mapping[str, set[str]],
    among: set[str],
) -> Loaded:
    known = {line.insee for line in atlas.get(uow.session).communes}
    lines: dict[tuple[str, str], tuple[object, ...]] = {}
    homeless: list[Refusal] = []
    for row in read:
        places = {row.insee} if row.insee else of_code.get(row.code) or (among if len(among) == 1 else set())
        if not places or not places <= known:
            homeless.append(Refusal(row.line, "insee : commune inconnue pour cette voie"))
            continue
        told = (row.name, street_key(row.name), row.ownership, row.hierarchy, row.length_m)
        lines |= {(insee, row.code): (insee, row.code, *told) for insee in places}
    changed = write_streets(uow.session, list(lines.values()), known=True)
    return _told(uow, "streets", len(lines), changed, [*refused, *homeless])


def _in_place(ground: Atlas, rows: Sequence[AddressRow]) -> tuple[list[AddressRow], list[Refusal]]:
    """Leave out the rows of unknown communes and those whose point is far outside their own."""
    by_commune: dict[str, list[AddressRow]] = defaultdict(list)
    for row in rows:
        by_commune[row.insee].append(row)
    kept: list[AddressRow] = []
    refused: list[Refusal] = []
    for insee, ours in by_commune.items():
        if ground.commune(insee) is None:
            refused += [Refusal(row.line, f"insee : commune {insee[:5]} inconnue") for row in ours]
            continue
        outside = ground.metres_outside(insee, [(row.lon, row.lat) for row in ours])
        for row, metres in zip(ours, outside, strict=True):
            if metres <= FAR_M:
                kept.append(row)
            else:
                refused.append(Refusal(row.line, f"lon, lat : à {metres / 1000:.0f} km de sa commune"))
    return kept, refused


def _address_lines(ground: Atlas, rows: Sequence[AddressRow]) -> list[tuple[object, ...]]:
    """Ready for the passing table. A sector's code that the file gives wins, unless two sectors share it."""
    codes = {code for code, _ in ground.sectors}
    sure = {code for code in codes if f"{code}-2" not in codes}
    around = ground.sectors_of([(row.lon, row.lat, row.insee) for row in rows])
    doors: Counter[tuple[str, str, int, str]] = Counter()
    lines: list[tuple[object, ...]] = []
    for row, found in zip(rows, around, strict=True):
        door = (row.insee, row.street_code, row.number, row.suffix)
        doors[door] += 1
        sector = row.sector if row.sector in sure else found
        lines.append((*door, doors[door], row.postcode, sector, row.lon, row.lat))
    return lines
