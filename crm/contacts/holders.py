"""Everything that points at a contact, read from the tables themselves: no room that adds one is forgotten.

What the other contact has already stays where it is: the same number, the same demand followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import Base

Key = list[Any]  # what tells a row from the others of its table, ready for JSON
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Holder:
    """A column that says which contact a row is about."""

    column: sa.Column[Any]

    @property
    def name(self) -> str:
        return f"{self.column.table.name}.{self.column.name}"

    @property
    def key(self) -> list[sa.Column[Any]]:
        return [column for column in self.column.table.primary_key if column is not self.column]


def holders() -> list[Holder]:
    """In one order, so that two merges cannot wait for each other."""
    tables = sorted(Base.metadata.tables.items())
    return [Holder(column) for _name, table in tables for column in table.c if _follows(column)]


def _follows(column: sa.Column[Any]) -> bool:
    return _points_at_contact(column) and not column.info.get("stays_with_contact")


def _points_at_contact(column: sa.Column[Any]) -> bool:
    """By its key; or by its name, where a key would tie rooms together."""
    keyed = any(key.target_fullname == "contacts.id" for key in column.foreign_keys)
    return keyed or column.name == "contact_id"


def count_held(session: Session, contact_id: int) -> dict[str, int]:
    """How many rows of each table are about the contact, one statement for all."""
    asked = [
        sa.select(sa.literal(one.name), sa.func.count())
        .where(one.column == contact_id)
        .select_from(one.column.table)
        for one in holders()
    ]
    return {name: many for name, many in session.execute(sa.union_all(*asked)) if many}


def move_all(session: Session, from_id: int, to_id: int) -> dict[str, list[Key]]:
    """Every row that the other has not; what moved, by holder."""
    moved = {one.name: _move(session, one, from_id, to_id) for one in holders()}
    return {name: keys for name, keys in moved.items() if keys}


def move_back(session: Session, moved: dict[str, list[Key]], from_id: int, to_id: int) -> int:
    """Those rows alone, if they are still where they were put. Returns how many went."""
    gone = 0
    for one in holders():
        keys = moved.get(one.name, [])
        for start in range(0, len(keys), _AT_ONCE):
            gone += len(_move(session, one, from_id, to_id, keys[start : start + _AT_ONCE]))
    return gone


def _move(
    session: Session, holder: Holder, from_id: int, to_id: int, keys: Sequence[Key] | None = None
) -> list[Key]:
    column, table = holder.column, holder.column.table
    moving = (
        sa.update(table)
        .where(column == from_id, *_not_had(holder, to_id))
        .values({column: to_id})
        .returning(*holder.key)
    )
    if keys is not None:
        moving = moving.where(sa.tuple_(*holder.key).in_([tuple(key) for key in keys]))
    return sorted(list(row) for row in session.execute(moving))


def _not_had(holder: Holder, to_id: int) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that keep a row from meeting one of the other contact where only one may be."""
    table = holder.column.table
    for other in table.c:
        if other is not holder.column and _points_at_contact(other):
            yield other != to_id  # nobody acts for themselves
    for columns, condition in _unique(table):
        if holder.column.name not in columns:
            continue
        there = table.alias()
        same = [there.c[name] == table.c[name] for name in columns if name != holder.column.name]
        met = sa.select(sa.literal(1)).select_from(there).where(there.c[holder.column.name] == to_id, *same)
        yield ~(met if condition is None else met.where(condition)).correlate(table).exists()


def _unique(table: sa.FromClause) -> Iterator[tuple[list[str], Any]]:
    """Columns of which a value may be there once, and for which rows; such a condition names no table."""
    if not isinstance(table, sa.Table):
        return
    yield [column.name for column in table.primary_key], None
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield [column.name for column in constraint.columns], None
    for index in table.indexes:
        if index.unique:
            yield [column.name for column in index.columns], index.dialect_options["postgresql"]["where"]
