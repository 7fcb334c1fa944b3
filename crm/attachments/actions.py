"""Take files in, give them to a case, note that the storage has them. The case (`reach`) decides who may."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.access import Permission, Reach, require
from crm.attachments.checking import Checked
from crm.attachments.events import FilesAdded, FilesReceived, FilesWithdrawn
from crm.attachments.evidence import Evidence
from crm.attachments.models import Attachment, WaitingFile
from crm.foundation import Actor, Invalid, NotAllowed, NotFound, UnitOfWork

MOST_PER_CASE = 40
KEPT_STAGED = timedelta(days=2)  # a form left open over a night still has its photos
_TOKEN_BYTES = 24  # 192 bits: whoever knows it took the file in, or was shown it


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """How files come to a case.

    Args:
        from_usager: they are the usager's own, whoever brings them in: they may see them.
        is_public: an agent shows theirs to the usager.
        opens: the case is being opened with them.
    """

    from_usager: bool
    is_public: bool = False
    opens: bool = False
    evidence: Evidence = Evidence.NONE
    interaction_id: int | None = None


def stage_file(uow: UnitOfWork, reach: Reach | None, checked: Checked) -> str:
    """Keep a file that no case has yet: the form may be refused, the file survives. Returns its token.

    Args:
        reach: the case it is meant for; None when there is none yet.
    """
    require(uow.actor, _right(uow.actor, opens=reach is None), reach)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    uow.session.execute(
        sa.insert(WaitingFile).values(
            token=token,
            name=checked.name,
            sha256=checked.sha256,
            media_type=checked.media_type,
            width=checked.width,
            height=checked.height,
            content=checked.content,
            thumbnail=checked.thumbnail,
            made_at=uow.now,
        )
    )
    return token


def attach_files(
    uow: UnitOfWork, reach: Reach | None, case_id: int, tokens: Sequence[str], giving: Giving
) -> list[int]:
    """Give staged files to a case; those that it has already, or that are no more, are passed over.

    A job then hands them to the storage. Returns the ids of the new ones.

    Raises:
        Invalid: the case would have too many.
    """
    require(uow.actor, _right(uow.actor, opens=giving.opens), None if giving.opens else reach)
    staged = _staged(uow, tokens)
    if not staged:
        return []
    _leave_room(uow, case_id, len(staged))
    kept = _keep(uow, case_id, staged, giving)
    _settle(uow, [row.token for row in staged], {row.token for row in kept})
    if kept:
        _record(uow, case_id, [row.id for row in kept], giving)
    return [row.id for row in kept]


def mark_stored(uow: UnitOfWork, attachment_id: int) -> None:
    """The storage has it: its waiting bytes go. Said twice, it is done once."""
    require(uow.actor, Permission.FILE_STORE)
    token = uow.session.scalar(
        sa.update(Attachment)
        .where(Attachment.id == attachment_id, Attachment.stored_at.is_(None))
        .values(stored_at=uow.now, last_error=None)
        .returning(Attachment.token)
        .execution_options(synchronize_session=False)
    )
    if token is not None:
        uow.session.execute(sa.delete(WaitingFile).where(WaitingFile.token == token))


def mark_not_stored(uow: UnitOfWork, attachment_id: int, error: str) -> None:
    """It waits on, and screens say so."""
    require(uow.actor, Permission.FILE_STORE)
    uow.session.execute(
        sa.update(Attachment)
        .where(Attachment.id == attachment_id, Attachment.stored_at.is_(None))
        .values(last_error=error)
        .execution_options(synchronize_session=False)
    )


def withdraw_file(
    uow: UnitOfWork, reach: Reach, case_id: int, token: str, *, interaction_id: int, only_own: bool
) -> None:
    """Nobody sees it any more, and a job takes its bytes away. The same file may be sent again.

    Args:
        interaction_id: the motive.

    Raises:
        NotFound: no such file on this case, or it is withdrawn already.
        NotAllowed: somebody else added it, and `only_own`.
    """
    require(uow.actor, Permission.CASE_NOTE, reach)
    this = Attachment.case_id == case_id, Attachment.token == token, Attachment.withdrawn_at.is_(None)
    row = uow.session.execute(
        sa.select(Attachment.id, Attachment.agent_id).where(*this).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(file=token)
    if only_own and (row.agent_id is None or row.agent_id != uow.actor.id):
        raise NotAllowed(permission=Permission.CASE_EDIT)
    uow.session.execute(
        sa.update(Attachment)
        .where(Attachment.id == row.id)
        .values(withdrawn_at=uow.now, sha256=f"withdrawn-{row.id}")
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(sa.delete(WaitingFile).where(WaitingFile.token == token))
    uow.record(
        FilesWithdrawn(subject_id=case_id, attachment_ids=[row.id], count=1, interaction_id=interaction_id)
    )


def mark_forgotten(uow: UnitOfWork, attachment_id: int) -> None:
    """The storage holds its bytes no more."""
    require(uow.actor, Permission.FILE_STORE)
    uow.session.execute(
        sa.update(Attachment)
        .where(Attachment.id == attachment_id, Attachment.withdrawn_at.is_not(None))
        .values(stored_at=None, last_error=None)
        .execution_options(synchronize_session=False)
    )


def forget_staged(uow: UnitOfWork) -> int:
    """Files of forms that were never sent. Returns how many."""
    require(uow.actor, Permission.FILE_STORE)
    gone = uow.session.execute(
        sa.delete(WaitingFile)
        .where(WaitingFile.is_attached.is_(False), WaitingFile.made_at < uow.now - KEPT_STAGED)
        .returning(WaitingFile.token)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _right(actor: Actor, *, opens: bool) -> Permission:
    if opens:
        return Permission.CASE_CREATE
    return Permission.CASE_FOLLOW_UP if actor.kind == "resident" else Permission.CASE_NOTE


def _staged(uow: UnitOfWork, tokens: Sequence[str]) -> list[sa.Row[Any]]:
    """In the order given, without their bytes, held until we commit."""
    if not tokens:
        return []
    rows = uow.session.execute(
        sa.select(
            WaitingFile.token, WaitingFile.name, WaitingFile.sha256, WaitingFile.media_type,
            WaitingFile.width, WaitingFile.height,
            sa.func.octet_length(WaitingFile.content).label("bytes"),
            WaitingFile.thumbnail.is_not(None).label("is_picture"),
        )
        .where(WaitingFile.token.in_(tokens), WaitingFile.is_attached.is_(False))
        .order_by(WaitingFile.token)
        .with_for_update()
    )  # fmt: skip
    found = {row.token: row for row in rows}
    return [found[token] for token in dict.fromkeys(tokens) if token in found]


def _leave_room(uow: UnitOfWork, case_id: int, more: int) -> None:
    held = (
        sa.select(sa.func.count())
        .select_from(Attachment)
        .where(Attachment.case_id == case_id, Attachment.withdrawn_at.is_(None))
    )
    if (uow.session.scalar(held) or 0) + more > MOST_PER_CASE:
        raise Invalid({"files": "too_many_on_case"})


def _keep(uow: UnitOfWork, case_id: int, staged: list[sa.Row[Any]], giving: Giving) -> list[sa.Row[Any]]:
    rows = [
        {
            "token": row.token,
            "case_id": case_id,
            "interaction_id": giving.interaction_id,
            "name": row.name,
            "sha256": row.sha256,
            "media_type": row.media_type,
            "bytes": row.bytes,
            "width": row.width,
            "height": row.height,
            "key": _key(row.token, "jpg" if row.is_picture else "pdf"),
            "thumbnail_key": _key(f"{row.token}-small", "jpg") if row.is_picture else None,
            "evidence": giving.evidence,
            "added_by": uow.actor.kind,
            "agent_id": uow.actor.id if uow.actor.kind == "agent" else None,
            "organization_id": uow.actor.organization_id,
            "added_at": uow.now,
            "is_internal": not (giving.from_usager or giving.is_public),
        }
        for row in staged
    ]
    new = postgresql.insert(Attachment).values(rows).on_conflict_do_nothing()
    return list(uow.session.execute(new.returning(Attachment.id, Attachment.token)))


def _key(name: str, extension: str) -> str:
    """Spread over 4,096 folders: none grows without end."""
    return f"{name[:2]}/{name}.{extension}"


def _settle(uow: UnitOfWork, seen: list[str], kept: set[str]) -> None:
    these = sa.update(WaitingFile).where(WaitingFile.token.in_(kept)).values(is_attached=True)
    uow.session.execute(these.execution_options(synchronize_session=False))
    if double := set(seen) - kept:
        uow.session.execute(sa.delete(WaitingFile).where(WaitingFile.token.in_(double)))


def _record(uow: UnitOfWork, case_id: int, ids: list[int], giving: Giving) -> None:
    told: dict[str, Any] = {"attachment_ids": ids, "count": len(ids), "interaction_id": giving.interaction_id}
    if giving.from_usager:
        uow.record(FilesReceived(subject_id=case_id, **told))
    else:
        uow.record(FilesAdded(subject_id=case_id, evidence=giving.evidence, **told))
