"""Rows of the catalogue, put where they were or added. What is left out of them is set aside, not deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from crm.catalogue.models import CategoryRow, QuestionRow
from crm.foundation import Base


def put(session: Session, table: type[Base], rows: list[dict[str, Any]], keys: list[str]) -> None:
    if not rows:
        return
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def put_one(session: Session, table: type[Base], content: Mapping[str, Any]) -> None:
    """What a version says of one row named by its code."""
    columns = {column.key for column in sa.inspect(table).columns}
    put(session, table, [{name: content[name] for name in content if name in columns}], ["code"])


def put_category(session: Session, content: Mapping[str, Any]) -> None:
    """A category and its questions, as a version of it says."""
    retired_on = date.fromisoformat(content["retired_on"]) if content["retired_on"] else None
    row = {**content, "retired_on": retired_on}
    questions = row.pop("question")
    put(session, CategoryRow, [row], ["code"])
    asked = sa.update(QuestionRow).where(QuestionRow.category_code == content["code"])
    session.execute(asked.values(is_active=False))
    put(session, QuestionRow, question_rows(content["code"], questions), ["category_code", "key"])


def question_rows(category_code: str, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**question, "category_code": category_code, "position": at, "is_active": True}
        for at, question in enumerate(questions, 1)
    ]
