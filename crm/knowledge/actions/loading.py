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
from crm.knowledge.templates import ReplyTemplate, Use, columns_of, key_of
from crm.knowledge.versions import REPLY
from crm.revisions import published_keys


@dataclass(frozen=True, slots=True)
class LoadedReplies:
    """`kept`: texts published on screen, which the files left as they are."""

    templates: int
    retired: int
    kept: tuple[Use, ...] = ()


def load_replies(uow: UnitOfWork, folder: Path) -> LoadedReplies:
    """Make the reply templates what the files of `folder` say; those they leave out are retired.

    What was published or removed on screen stays so.

    Raises:
        NotAllowed.
        Invalid: the files have mistakes, all named; nothing was changed.
    """
    require(uow.actor, Permission.CATALOGUE_LOAD)
    on_screen = published_keys(uow.session, REPLY)
    told = {template.use: template for template in read_folder(folder, catalogue(uow.session))}
    rows = {_use(row): row for row in uow.session.scalars(sa.select(ReplyTemplateRow))}
    kept = sorted(use for use in told.keys() | rows.keys() if key_of(use) in on_screen)
    free = [use for use in told if use not in kept]
    gone = [row for use, row in rows.items() if row.is_active and use not in told and use not in kept]
    for row in gone:
        row.is_active = False
    for use in free:
        _keep(uow, rows.get(use), told[use])
    uow.record(RepliesLoaded(subject_id=0, templates=len(free), retired=len(gone)))
    return LoadedReplies(len(free), len(gone), tuple(kept))


def _use(row: ReplyTemplateRow) -> Use:
    return Use(*(getattr(row, part) or "" for part in Use._fields))


def _keep(uow: UnitOfWork, row: ReplyTemplateRow | None, template: ReplyTemplate) -> None:
    if row is None:
        row = ReplyTemplateRow(**columns_of(template.use))
        uow.session.add(row)
    row.subject, row.body, row.is_active = template.subject, template.body, True
