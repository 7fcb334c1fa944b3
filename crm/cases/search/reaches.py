"""Find demands by where their usager asked to be answered on the tracking page: it stands on no sheet."""

from __future__ import annotations

import re
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, visible
from crm.cases.models import Case
from crm.cases.search.finding import FOUND, FoundCase, found_case
from crm.foundation import Actor, clean

_C = cast(sa.Table, Case.__table__).c
_SEEN: Any = _C
_FEWEST_DIGITS, _LONGEST = 4, 200
_NOT_OF_A_NUMBER = re.compile(r"[^\d\s.+()-]")


def cases_by_reach(session: Session, actor: Actor, text: str, limit: int = 8) -> list[FoundCase]:
    """By the beginning of an e-mail, a whole number or its last digits; the latest first.

    One statement at most: none when it is neither. Only for whoever may know how usagers are reached.
    """
    wanted = _wanted(clean(text[:_LONGEST]).lower())
    if wanted is None:
        return []
    told = _C.answer_to != "", wanted, visible(actor, _SEEN, Permission.CONTACT_VIEW)
    rows = session.execute(sa.select(*FOUND).where(*told).order_by(_C.id.desc()).limit(limit))
    return [found_case(row) for row in rows]


def _wanted(typed: str) -> sa.ColumnElement[bool] | None:
    if "@" in typed:
        return sa.func.lower(_C.answer_to).startswith(typed, autoescape=True)
    digits = re.sub(r"\D", "", typed)
    if len(digits) < _FEWEST_DIGITS or _NOT_OF_A_NUMBER.search(typed):
        return None
    ends: sa.ColumnElement[bool] = _C.answer_to.endswith(digits)
    if digits.startswith("0"):
        ends = sa.or_(ends, _C.answer_to.startswith(f"+33{digits[1:]}"))
    return sa.and_(_C.answer_channel.in_(("sms", "phone")), ends)
