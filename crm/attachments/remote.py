"""Photos that a partner gave by their address: noted with the act, fetched afterwards by a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.attachments.actions import Giving, attach_files, stage_file
from crm.attachments.checking import Checked
from crm.attachments.evidence import Evidence
from crm.attachments.models import RemoteFile
from crm.foundation import Event, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFileAsked(Event):
    """The address itself stays out of the facts: it may name someone."""

    kind: ClassVar[str] = "files.asked"
    subject_kind: ClassVar[str] = "case"
    remote_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFileLost(Event):
    kind: ClassVar[str] = "files.not_fetched"
    subject_kind: ClassVar[str] = "case"
    remote_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class FileToFetch:
    id: int
    case_id: int
    interaction_id: int | None
    url: str
    from_usager: bool
    evidence: str


def ask_remote_file(uow: UnitOfWork, case_id: int, url: str, giving: Giving) -> None:
    """To be fetched once this act is committed; the same address twice on a case is one.

    Args:
        url: checked for its form (`crm.channels.check_url`); the job checks where it leads.
    """
    require(uow.actor, Permission.CASE_CREATE if giving.opens else Permission.CASE_UPDATE)
    row = {
        "case_id": case_id,
        "interaction_id": giving.interaction_id,
        "url": url,
        "from_usager": giving.from_usager,
        "evidence": giving.evidence,
        "asked_at": uow.now,
    }
    new = postgresql.insert(RemoteFile).on_conflict_do_nothing().returning(RemoteFile.id)
    remote_id = uow.session.scalar(new, row)
    if remote_id is not None:
        uow.record(RemoteFileAsked(subject_id=case_id, remote_id=remote_id))


def file_to_fetch(session: Session, remote_id: int) -> FileToFetch | None:
    """None when it is attached already, or given up."""
    columns = (getattr(RemoteFile, name) for name in FileToFetch.__dataclass_fields__)
    query = sa.select(*columns).where(RemoteFile.id == remote_id, RemoteFile.settled_at.is_(None))
    row = session.execute(query).one_or_none()
    return FileToFetch(*row) if row else None


def attach_fetched(uow: UnitOfWork, file: FileToFetch, checked: Checked) -> None:
    """
    Raises:
        Invalid: the case would have too many.
    """
    require(uow.actor, Permission.FILE_STORE)
    giving = Giving(
        from_usager=file.from_usager, evidence=Evidence(file.evidence), interaction_id=file.interaction_id
    )
    if _settle(uow, file, None):
        attach_files(uow, None, file.case_id, [stage_file(uow, None, checked)], giving)


def give_up_fetching(uow: UnitOfWork, file: FileToFetch, reason: str) -> None:
    """Trying again is useless; the timeline says so."""
    require(uow.actor, Permission.FILE_STORE)
    if _settle(uow, file, reason):
        uow.record(RemoteFileLost(subject_id=file.case_id, remote_id=file.id, reason=reason))


def _settle(uow: UnitOfWork, file: FileToFetch, error: str | None) -> bool:
    """False when another worker was quicker."""
    done = (
        sa.update(RemoteFile)
        .where(RemoteFile.id == file.id, RemoteFile.settled_at.is_(None))
        .values(settled_at=uow.now, last_error=error)
        .returning(RemoteFile.id)
        .execution_options(synchronize_session=False)
    )
    return uow.session.scalar(done) is not None
