"""Taking the catalogue's files into the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm.access import Permission, require
from crm.catalogue.contents import CATEGORY, DANGER, OUTCOME
from crm.catalogue.entries import CategoryEntry, DomainEntry
from crm.catalogue.events import CatalogueLoaded
from crm.catalogue.files import CatalogueFiles, read_folder
from crm.catalogue.models import CategoryRow, DangerRow, DomainRow, OutcomeRow, QuestionRow
from crm.catalogue.writing import put, question_rows
from crm.foundation import UnitOfWork
from crm.revisions import published_keys


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """How many of each were taken in, and how many categories the files no longer hold.

    Args:
        kept: categories, dangers and outcomes changed on screen: what files say of them was left aside.
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
    ours = published_keys(uow.session, CATEGORY)
    domains = [entry.model_dump(exclude={"category"}) for entry in files.domains]
    told = [(at, entry, domain) for domain in files.domains for at, entry in enumerate(domain.category, 1)]
    taken = [one for one in told if one[1].code not in ours]
    categories = [_category(entry, at, domain) for at, entry, domain in taken]
    questions = [row for _, entry, _ in taken for row in _questions(entry)]
    retired = _retire(uow, [row["code"] for row in categories], ours)
    put(uow.session, DomainRow, domains, ["code"])
    put(uow.session, CategoryRow, categories, ["code"])
    put(uow.session, QuestionRow, questions, ["category_code", "key"])
    rung, dangers = _put_dangers(uow, files)
    told_on_screen = _put_outcomes(uow, files)
    counts = (len(domains), len(categories), len(questions), dangers)
    kept = (*sorted(ours | rung), *sorted(told_on_screen))
    loaded = LoadedCatalogue(*counts, retired, kept)
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


def _put_dangers(uow: UnitOfWork, files: CatalogueFiles) -> tuple[frozenset[str], int]:
    """What the files leave out rings no more. Returns those left to the screen, and how many were taken."""
    ours = published_keys(uow.session, DANGER)
    rows = [
        {**entry.model_dump(), "position": at, "is_active": True}
        for at, entry in enumerate(files.dangers, 1)
        if entry.code not in ours
    ]
    gone = sa.update(DangerRow).where(DangerRow.code.not_in([*(row["code"] for row in rows), *ours]))
    uow.session.execute(gone.values(is_active=False))
    put(uow.session, DangerRow, rows, ["code"])
    return ours, len(rows)


def _put_outcomes(uow: UnitOfWork, files: CatalogueFiles) -> frozenset[str]:
    """What the file leaves out keeps its words: the list is closed. Returns those left to the screen."""
    ours = published_keys(uow.session, OUTCOME)
    rows = [
        {**entry.model_dump(), "position": at}
        for at, entry in enumerate(files.outcomes, 1)
        if entry.code not in ours
    ]
    put(uow.session, OutcomeRow, rows, ["code"])
    return ours


def _retire(uow: UnitOfWork, kept: list[str], ours: frozenset[str]) -> int:
    """Set aside every question and the categories left out. The upsert wakes the questions that stay."""
    asked = sa.update(QuestionRow).where(QuestionRow.category_code.not_in(ours))
    uow.session.execute(asked.values(is_active=False))
    gone = sa.update(CategoryRow).where(CategoryRow.code.not_in([*kept, *ours]), CategoryRow.is_active)
    return len(uow.session.scalars(gone.values(is_active=False).returning(CategoryRow.code)).all())
