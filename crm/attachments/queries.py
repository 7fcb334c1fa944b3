"""Read the files of a case, and their bytes wherever they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.attachments.evidence import Evidence
from crm.attachments.models import Attachment, WaitingFile
from crm.foundation import NotFound
from crm.storage import Storage

_SOON = timedelta(minutes=1)  # a worker stores a file within seconds


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file of a case, without its bytes."""

    id: int
    token: str
    name: str
    media_type: str
    bytes: int
    width: int | None
    height: int | None
    key: str
    thumbnail_key: str | None
    evidence: str
    added_by: str
    agent_id: int | None
    added_at: datetime
    is_internal: bool
    stored_at: datetime | None
    last_error: str | None

    @property
    def is_picture(self) -> bool:
        return self.thumbnail_key is not None

    def is_waiting(self, now: datetime) -> bool:
        """The storage could not take it yet, and somebody may wonder."""
        return self.stored_at is None and (self.last_error is not None or now - self.added_at > _SOON)


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file taken in with a form that is not sent yet."""

    token: str
    name: str
    is_picture: bool


_FILE = sa.select(*(getattr(Attachment, name) for name in CaseFile.__dataclass_fields__)).where(
    Attachment.withdrawn_at.is_(None)
)


def files_of_case(session: Session, case_id: int, *, public_only: bool = False) -> list[CaseFile]:
    """In the order they came. The caller has asked whether this case may be seen.

    Args:
        public_only: what the usager gave or was shown.
    """
    query = _FILE.where(Attachment.case_id == case_id).order_by(Attachment.id)
    if public_only:
        query = query.where(Attachment.is_internal.is_(False))
    return [CaseFile(*row) for row in session.execute(query)]


def file_of_case(session: Session, case_id: int, token: str, *, public_only: bool = False) -> CaseFile:
    """
    Raises:
        NotFound: no such file on this very case, or not for the usager.
    """
    query = _FILE.where(Attachment.case_id == case_id, Attachment.token == token)
    if public_only:
        query = query.where(Attachment.is_internal.is_(False))
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(file=token)
    return CaseFile(*row)


def file_bytes(session: Session, storage: Storage, file: CaseFile, *, thumbnail: bool = False) -> bytes:
    """From the storage, or from where it waits for it.

    Raises:
        NotFound: a thumbnail of what is not a picture; or the storage has lost it.
        Unavailable: the storage does not answer.
    """
    key = file.thumbnail_key if thumbnail else file.key
    if key is None:
        raise NotFound(file=file.token)
    if file.stored_at is None:
        column = WaitingFile.thumbnail if thumbnail else WaitingFile.content
        waiting = session.scalar(sa.select(column).where(WaitingFile.token == file.token))
        if waiting is not None:
            return waiting
    return storage.get(key)  # also what was stored at this very moment


def staged_files(session: Session, tokens: Iterable[str]) -> list[StagedFile]:
    """Those that still wait for a case, in the order given."""
    wanted = list(dict.fromkeys(tokens))
    if not wanted:
        return []
    rows = session.execute(
        sa.select(
            WaitingFile.token, WaitingFile.name, WaitingFile.thumbnail.is_not(None).label("is_picture")
        ).where(WaitingFile.token.in_(wanted), WaitingFile.is_attached.is_(False))
    )
    found = {row.token: StagedFile(*row) for row in rows}
    return [found[token] for token in wanted if token in found]


def staged_thumbnail(session: Session, token: str) -> bytes:
    """
    Raises:
        NotFound: no such picture, or a case has it now.
    """
    kept = sa.select(WaitingFile.thumbnail).where(WaitingFile.token == token)
    small = session.scalar(kept.where(WaitingFile.is_attached.is_(False)))
    if small is None:
        raise NotFound(file=token)
    return small


def has_evidence(
    session: Session, case_id: int, evidence: Evidence, *, since: datetime | None = None
) -> bool:
    """Is there a picture that proves it? `since`: what came before proves nothing any more."""
    proven = sa.select(Attachment.id).where(
        Attachment.case_id == case_id,
        Attachment.evidence == evidence,
        Attachment.thumbnail_key.is_not(None),
        Attachment.withdrawn_at.is_(None),
    )
    if since is not None:
        proven = proven.where(Attachment.added_at >= since)
    return session.scalar(proven.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class FileToStore:
    id: int
    token: str
    key: str
    thumbnail_key: str | None
    media_type: str


_KEPT = sa.select(
    Attachment.id, Attachment.token, Attachment.key, Attachment.thumbnail_key, Attachment.media_type
)
_TO_STORE = _KEPT.where(Attachment.stored_at.is_(None), Attachment.withdrawn_at.is_(None))


def files_to_store(session: Session, ids: Sequence[int]) -> list[FileToStore]:
    """Those of them that the storage has not taken yet."""
    return _to_store(session, _TO_STORE.where(Attachment.id.in_(ids)))


def files_left_waiting(session: Session, before: datetime, limit: int = 200) -> list[FileToStore]:
    """What was added before a moment and still waits."""
    return _to_store(session, _TO_STORE.where(Attachment.added_at < before).limit(limit))


def files_to_forget(
    session: Session, ids: Sequence[int] | None = None, limit: int = 200
) -> list[FileToStore]:
    """Withdrawn: those of a fact, whatever is known of their bytes; else all that the storage still holds."""
    withdrawn = _KEPT.where(Attachment.withdrawn_at.is_not(None))
    if ids is None:
        return _to_store(session, withdrawn.where(Attachment.stored_at.is_not(None)).limit(limit))
    return _to_store(session, withdrawn.where(Attachment.id.in_(ids)))


def _to_store(session: Session, query: sa.Select[*tuple[Any, ...]]) -> list[FileToStore]:
    return [FileToStore(*row) for row in session.execute(query.order_by(Attachment.id))]


def waiting_bytes(session: Session, token: str) -> tuple[bytes, bytes | None]:
    """
    Raises:
        NotFound: it waits no more: another worker stored it.
    """
    query = sa.select(WaitingFile.content, WaitingFile.thumbnail).where(WaitingFile.token == token)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(file=token)
    return row.content, row.thumbnail
