"""Taking the catalogue's files into the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm.access import Permission, require
from crm.catalogue.contents import CATEGORY, DANGER
from crm.catalogue.entries import CategoryEntry, DomainEntry
from crm.catalogue.events import CatalogueLoaded
from crm.catalogue.files import read_folder
from crm.catalogue.models import CategoryRow, DangerRow, DomainRow, QuestionRow
from crm.catalogue.writing import put, question_rows
from crm.foundation import UnitOfWork
from crm.revisions import published_keys


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """How many of each were taken in, and how many categories the files no longer hold.

    Args:
        kept: categories and dangers changed on screen: what files say of them was left aside.
    """

    domains: int
    categories: int
    questions: int
    dangers: int
    retired: int
    kept: tuple[str, ...] = ()


def load_catalogue(uow: UnitOfWork, folder: Path) -> LoadedCatalogue:
    """Make the catalogue what the files of `folder` say. What they leave out is retired, never deleted;
    what was published on screen stays as it is.

    Raises:
        NotAllowed.
        Invalid: the files have mistakes, all named; nothing was changed.
    """
    require(uow.actor, Permission.CATALOGUE_LOAD)
    files = read_folder(folder)
    ours, rung = published_keys(uow.session, CATEGORY), published_keys(uow.session, DANGER)
    domains = [entry.model_dump(exclude={"category"}) for entry in files.domains]
    told = [(at, entry, domain) for domain in files.domains for at, entry in enumerate(domain.category, 1)]
    taken = [one for one in told if one[1].code not in ours]
    categories = [_category(entry, at, domain) for at, entry, domain in taken]
    questions = [row for _, entry, _ in taken for row in _questions(entry)]
    dangers = [{**entry.model_dump(), "position": at} for at, entry in enumerate(files.dangers, 1)]
    dangers = [row for row in dangers if row["code"] not in rung]
    retired = _retire(uow, [row["code"] for row in categories], ours)
    put(uow.session, DomainRow, domains, ["code"])
    put(uow.session, CategoryRow, categories, ["code"])
    put(uow.session, QuestionRow, questions, ["category_code", "key"])
    gone = DangerRow.code.not_in([*(row["code"] for row in dangers), *rung])
    uow.session.execute(sa.delete(DangerRow).where(gone))
    put(uow.session, DangerRow, dangers, ["code"])
    counts = (len(domains), len(categories), len(questions), len(dangers))
    loaded = LoadedCatalogue(*counts, retired, tuple(sorted(ours | rung)))
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


def _category(entry: CategoryEntry, position: int, domain: DomainEntry) -> dict[str, Any]:
    values = entry.model_dump(exclude={"question"})
    return {**values, "domain_code": domain.code, "position": position, "is_active": True}


def _questions(entry: CategoryEntry) -> list[dict[str, Any]]:
    return question_rows(entry.code, [question.model_dump() for question in entry.question])


def _retire(uow: UnitOfWork, kept: list[str], ours: frozenset[str]) -> int:
    """Set aside every question and the categories left out. The upsert wakes the questions that stay."""
    asked = sa.update(QuestionRow).where(QuestionRow.category_code.not_in(ours))
    uow.session.execute(asked.values(is_active=False))
    gone = sa.update(CategoryRow).where(CategoryRow.code.not_in([*kept, *ours]), CategoryRow.is_active)
    return len(uow.session.scalars(gone.values(is_active=False).returning(CategoryRow.code)).all())
