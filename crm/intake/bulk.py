"""Thousands of cases at once: ids and references reserved in blocks, rows copied in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import make_reference
from crm.foundation import Actor, Event

Row = tuple[object, ...]
_NAMES: dict[str, tuple[str, ...]] = {}
_MARKS = frozenset('"\\')
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
EVENT_COLUMNS = (
    "kind",
    "subject_kind",
    "subject_id",
    "actor_kind",
    "actor_id",
    "organization_id",
    "at",
    "data",
)


def reserve_ids(session: Session, table: str, how_many: int) -> list[int]:
    """Ids that nobody else will be given, in their order."""
    sequence = sa.func.pg_get_serial_sequence(table, "id")
    drawn = sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, how_many))
    return list(session.scalars(drawn))


def reserve_references(session: Session, year: int, how_many: int) -> list[str]:
    """The next references of a year."""
    drawn = sa.select(sa.func.next_case_number(year)).select_from(sa.func.generate_series(1, how_many))
    return [make_reference(year, number) for number in session.scalars(drawn)]


def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """COPY into a table, in the session's transaction. What is JSON there is text here."""
    driver: Any = session.connection().connection.driver_connection
    names = ", ".join(f'"{name}"' for name in columns)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def fact(event: Event, actor: Actor, at: datetime) -> Row:
    """An event as a row of `EVENT_COLUMNS`: nothing will follow from it, since no delivery goes with it."""
    held = ((name, getattr(event, name)) for name in _names(event))
    data = as_json({name: value for name, value in held if value is not None and value != ""})
    return (
        event.kind,
        event.subject_kind,
        event.subject_id,
        actor.kind,
        actor.id,
        actor.organization_id,
        at,
        data,
    )


def _names(event: Event) -> tuple[str, ...]:
    known = _NAMES.get(event.kind)
    if known is None:
        known = tuple(field.name for field in fields(event) if field.name != "subject_id")
        _NAMES[event.kind] = known
    return known


def as_json(data: dict[str, Any]) -> str:
    """What most facts hold, numbers and codes, is written by hand: the encoder is slow to start."""
    parts = []
    for name, value in data.items():
        if type(value) is int:
            parts.append(f'"{name}":{value}')
        elif isinstance(value, str) and value.isascii() and value.isprintable() and not _MARKS & set(value):
            parts.append(f'"{name}":"{value}"')
        else:
            return _ENCODE(data)
    return "{" + ",".join(parts) + "}"
