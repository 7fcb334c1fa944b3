"""What the database holds, asked from outside."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm.foundation import open_engine


def rows(database_url: str, query: str) -> list[dict[str, Any]]:
    engine = open_engine(database_url, forked=True)
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(sa.text(query))]


def one_row(database_url: str, query: str) -> dict[str, Any]:
    (row,) = rows(database_url, query)
    return row
