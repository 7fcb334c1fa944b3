"""Taking the reply templates' files into the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from crm.access import Permission, require
from crm.catalogue import catalogue
from crm.foundation import UnitOfWork
from crm.knowledge.events import RepliesLoaded
from crm.knowledge.files import read_folder
from crm.knowledge.models import ReplyTemplateRow
from crm.knowledge.templates import ReplyTemplate


@dataclass(frozen=True, slots=True)
class LoadedReplies:
    templates: int
    retired: int


def load_replies(uow: UnitOfWork, folder: Path) -> LoadedReplies:
    """Make the reply templates what the files of `folder` say; those they leave out are retired.

    Raises:
        NotAllowed.
        Invalid: the files have mistakes, all named; nothing was changed.
    """
    require(uow.actor, Permission.CATALOGUE_LOAD)
    templates = read_folder(folder, catalogue(uow.session))
    known = {_use(row): row for row in uow.session.scalars(sa.select(ReplyTemplateRow))}
    wanted = {_row_use(template) for template in templates}
    gone = [row for use, row in known.items() if row.is_active and use not in wanted]
    for row in gone:
        row.is_active = False
    for template in templates:
        _keep(uow, known, template)
    loaded = LoadedReplies(len(templates), len(gone))
    uow.record(RepliesLoaded(subject_id=0, templates=loaded.templates, retired=loaded.retired))
    return loaded


Use = tuple[str, str | None, str | None, str | None, str | None]


def _use(row: ReplyTemplateRow) -> Use:
    return (row.message, row.outcome, row.channel, row.category_code, row.domain_code)


def _row_use(template: ReplyTemplate) -> Use:
    message, *rest = template.use
    outcome, channel, category_code, domain_code = (part or None for part in rest)
    return (message, outcome, channel, category_code, domain_code)


def _keep(uow: UnitOfWork, known: dict[Use, ReplyTemplateRow], template: ReplyTemplate) -> None:
    use = _row_use(template)
    row = known.get(use)
    if row is None:
        message, outcome, channel, category_code, domain_code = use
        row = ReplyTemplateRow(
            message=message,
            outcome=outcome,
            channel=channel,
            category_code=category_code,
            domain_code=domain_code,
        )
        uow.session.add(row)
    row.subject, row.body, row.is_active = template.subject, template.body, True
