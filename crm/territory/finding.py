"""The one statement behind the address list. Kept as text: building it anew cost three times running it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.territory.searches import Search

_CANDIDATES = 40  # streets compared before the best are kept

# For each street: its nearest number, or without a number typed, the door nearest to its middle.
_FIND = """
SELECT s.id, s.name, s.name_folded, s.insee, s.ownership, s.rank,
  d.id AS address_id, d.number, d.suffix, d.sector_code, d.postcode, d.lon, d.lat
FROM (
  SELECT id, name, name_folded, insee, ownership, lon, lat,
    CASE WHEN name_folded = :key THEN 0
         WHEN starts_with(name_folded, :key) OR right(name_folded, length(:key) + 1) = ' ' || :key THEN 1
         ELSE 2 END AS rank
  FROM streets
  WHERE {matching} AND (CAST(:places AS text[]) IS NULL OR insee = ANY (CAST(:places AS text[])))
  ORDER BY rank, length(name_folded), name, insee
  LIMIT :candidates
) s
LEFT JOIN LATERAL (
  SELECT a.* FROM addresses a WHERE a.street_id = s.id
  ORDER BY
    CASE WHEN CAST(:number AS int) IS NULL THEN (a.lon - s.lon) ^ 2 + (a.lat - s.lat) ^ 2
         ELSE abs(a.number - :number) END,
    array_position(CAST(:suffixes AS text[]), a.suffix), a.suffix, a.entrance, a.id
  LIMIT 1
) d ON true
ORDER BY s.rank, length(s.name_folded), s.name, s.insee
"""
_STRINGS = sa.ARRAY(sa.Text())
_BINDS = (
    sa.bindparam("key", type_=sa.Text()),
    sa.bindparam("places", type_=_STRINGS),
    sa.bindparam("suffixes", type_=_STRINGS),
    sa.bindparam("number", type_=sa.Integer()),
)
_BY_WORDS = sa.text(_FIND.replace("{matching}", "search @@ CAST(:looked_for AS tsquery)")).bindparams(*_BINDS)
_BY_NAMES = sa.text(_FIND.replace("{matching}", "name_folded = ANY (:looked_for)")).bindparams(
    *_BINDS, sa.bindparam("looked_for", type_=_STRINGS)
)


def find(session: Session, search: Search) -> list[Any]:
    """Rows of streets with a door each, best first."""
    if search.places is not None and not search.places:
        return []
    typed = search.typed
    values = {
        "key": search.key,
        "places": None if search.places is None else sorted(search.places),
        "number": typed.number,
        "suffixes": list(typed.suffixes or ("",)),
        "candidates": _CANDIDATES,
        "looked_for": list(search.names) if search.names else search.lexemes(),
    }
    return list(session.execute(_BY_NAMES if search.names else _BY_WORDS, values).all())
