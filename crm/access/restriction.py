"""Cases whose readers are named: grave facts, a complaint about one of us. One column of the case says who.

`readers` is empty for most. Else it holds marks: `r:supervisor` a role, `u12` a unit, `a7` an agent; with a
minus before it, somebody of whom the case speaks and who never reads it, whatever else they are. `!untold` is
nobody: it says that the programme writes nothing to the usager, who would be in danger.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.foundation import Actor

UNTOLD = "!untold"
# The programme; who holds the secret link of their own demand, or of the extract that a reader chose to show.
_UNNAMED = frozenset({"system", "resident", "guest"})
_MARKS = postgresql.ARRAY(sa.Text())


def may_read(actor: Actor, readers: Collection[str] | None) -> bool:
    """Does the restriction of a case, if any, let the actor read it? Their role must besides."""
    if readers is None or actor.kind in _UNNAMED:
        return True
    if actor.kind != "agent" or actor.id is None:
        return False
    own, named = f"a{actor.id}", set(readers)
    mine, against = ({*marks, own} for marks in (_shared_marks(actor), _marks_against(actor)))
    return bool(mine & named) and not {f"-{mark}" for mark in against} & named


def readable(actor: Actor, columns: Any, me: sa.ColumnElement[Any] | None = None) -> sa.ColumnElement[bool]:
    """The same in SQL, of a table that has `id` and `readers`.

    Args:
        columns: a mapped class, an alias of it, or its columns.
        me: stands for the actor's id, in a statement that colleagues share.
    """
    return not_barred(actor, columns.id, _table_of(columns.id), me)


def not_barred(
    actor: Actor, case_id: Any, cases: Any, me: sa.ColumnElement[Any] | None = None
) -> sa.ColumnElement[bool]:
    """Whatever row names a case: those that few may read are few, so they are looked up once and left out.

    Args:
        case_id: a column that names the case.
        cases: the table of the cases.
    """
    if actor.kind in _UNNAMED:
        return sa.true()
    restricted = _restricted(cases.name)
    kept = restricted.c.readers.is_not(None)
    named = _named(actor, restricted.c.readers, me)
    barred = kept if named is None else sa.and_(kept, sa.not_(named))
    outside: sa.ColumnElement[bool] = case_id.not_in(sa.select(restricted.c.id).where(barred))
    return outside


@cache
def _restricted(table: str) -> Any:
    """Its two columns alone: an alias of all sixty took longer to make than the statement to run."""
    return sa.table(table, sa.column("id", sa.BigInteger), sa.column("readers", _MARKS)).alias("restricted")


def _named(actor: Actor, readers: Any, me: sa.ColumnElement[Any] | None) -> sa.ColumnElement[bool] | None:
    """None for whoever can be named nowhere."""
    if actor.kind != "agent" or (actor.id is None and me is None):
        return None
    own: sa.ColumnElement[Any] = sa.literal(actor.id, sa.BigInteger) if me is None else me
    shared = _shared_marks(actor)
    mine = sa.func.array_append(sa.literal(shared, _MARKS), sa.func.concat("a", own), type_=_MARKS)
    against = [f"-{mark}" for mark in _marks_against(actor)]
    mine_against = sa.func.array_append(sa.literal(against, _MARKS), sa.func.concat("-a", own), type_=_MARKS)
    spoken_of = readers.bool_op("&&")(mine_against)
    return sa.and_(readers.bool_op("&&")(mine), sa.not_(spoken_of), own.is_not(None))


def _shared_marks(actor: Actor) -> list[str]:
    """What the actor has in common with colleagues."""
    return [
        *(f"r:{role}" for role in sorted(actor.roles)),
        *(f"u{unit_id}" for unit_id in sorted(actor.unit_ids)),
    ]


def _marks_against(actor: Actor) -> list[str]:
    """Without the units that the actor only stands by for: a case that speaks of them speaks of others."""
    return _shared_marks(replace(actor, unit_ids=actor.own_units))


def _table_of(column: Any) -> Any:
    """The table itself, whether a class, an alias or plain columns were given."""
    table = getattr(column, "expression", column).table
    while isinstance(table, sa.sql.expression.AliasedReturnsRows):
        table = table.element
    return table
