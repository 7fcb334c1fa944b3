"""Taking the catalogue's files into the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.catalogue.events import CatalogueLoaded
from crm.catalogue.files import CategoryEntry, DomainEntry, read_folder
from crm.catalogue.models import CategoryRow, DangerRow, DomainRow, QuestionRow
from crm.foundation import Base, UnitOfWork


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """How many of each the files hold, and how many categories they no longer hold."""

    domains: int
    categories: int
    questions: int
    dangers: int
    retired: int


def load_catalogue(uow: UnitOfWork, folder: Path) -> LoadedCatalogue:
    """Make the catalogue what the files of `folder` say. What they leave out is retired, never deleted.

    Raises:
        NotAllowed.
        Invalid: the files have mistakes, all named; nothing was changed.
    """
    require(uow.actor, Permission.CATALOGUE_LOAD)
    files = read_folder(folder)
    domains = [entry.model_dump(exclude={"category"}) for entry in files.domains]
    categories = [_category(entry, at, domain) for domain in files.domains for at, entry in _ranked(domain)]
    questions = [row for domain in files.domains for entry in domain.category for row in _questions(entry)]
    dangers = [{**entry.model_dump(), "position": at} for at, entry in enumerate(files.dangers, 1)]
    retired = _retire(uow, [row["code"] for row in categories])
    _put(uow, DomainRow, domains, ["code"])
    _put(uow, CategoryRow, categories, ["code"])
    _put(uow, QuestionRow, questions, ["category_code", "key"])
    uow.session.execute(sa.delete(DangerRow).where(DangerRow.code.not_in([row["code"] for row in dangers])))
    _put(uow, DangerRow, dangers, ["code"])
    loaded = LoadedCatalogue(len(domains), len(categories), len(questions), len(dangers), retired)
    uow.record(
        CatalogueLoaded(
            subject_id=0,
            domains=loaded.domains,
            categories=loaded.categories,
            questions=loaded.questions,
            dangers=loaded.dangers,
            retired=loaded.retired,
        )
    )
    return loaded


def _ranked(domain: DomainEntry) -> enumerate[CategoryEntry]:
    return enumerate(domain.category, 1)


def _category(entry: CategoryEntry, position: int, domain: DomainEntry) -> dict[str, Any]:
    values = entry.model_dump(exclude={"question"})
    return {**values, "domain_code": domain.code, "position": position, "is_active": True}


def _questions(entry: CategoryEntry) -> list[dict[str, Any]]:
    return [
        {**question.model_dump(), "category_code": entry.code, "position": at, "is_active": True}
        for at, question in enumerate(entry.question, 1)
    ]


def _retire(uow: UnitOfWork, kept: list[str]) -> int:
    """Set aside every question and the categories left out. The upsert wakes the questions that stay."""
    uow.session.execute(sa.update(QuestionRow).values(is_active=False))
    gone = sa.update(CategoryRow).where(CategoryRow.code.not_in(kept), CategoryRow.is_active)
    return len(uow.session.scalars(gone.values(is_active=False).returning(CategoryRow.code)).all())


def _put(uow: UnitOfWork, table: type[Base], rows: list[dict[str, Any]], keys: list[str]) -> None:
    if not rows:
        return
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    uow.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)
