"""Fetches the photos that partners gave by their address, one after the other, with no transaction open."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from urllib.parse import urlsplit

import sqlalchemy as sa

from crm.attachments import (
    Checked,
    FileRefused,
    FileToFetch,
    attach_fetched,
    check_file,
    file_to_fetch,
    give_up_fetching,
)
from crm.channels import Refused, fetch
from crm.foundation import SYSTEM, Delivery, Invalid, Unavailable, UnitOfWork
from crm.wiring import Wiring
from workers.facts import UNDONE, reason_of
from workers.queues import beat_gently

_SECONDS = 20.0
_LATER = frozenset({408, 425, 429})  # with all of 5xx: the other side asks for patience
_MB = 1_000_000


def fetch_media(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    with wired.units.reading() as session:
        facts = session.execute(UNDONE.where(Delivery.id.in_(delivery_ids))).all()
    for fact in facts:
        beat_gently(wired.redis)
        with wired.units.reading() as session:
            file = file_to_fetch(session, fact.data["remote_id"])
        try:
            _settle(wired, file, fact.id)
        except Unavailable as told:
            later = sa.update(Delivery).where(Delivery.id == fact.id).values(last_error=reason_of(told))
            with wired.units.begin(SYSTEM) as uow:
                uow.session.execute(later)


def _settle(wired: Wiring, file: FileToFetch | None, delivery_id: int) -> None:
    """
    Raises:
        Unavailable: to be tried again.
    """
    reason = ""
    checked = None
    if file is not None:
        try:
            checked = _fetched(wired, file.url)
        except Refused as told:
            reason = told.reason
        except FileRefused:
            reason = "not_a_photo"
    with wired.units.begin(SYSTEM) as uow:
        if file is not None:
            _keep(uow, file, checked, reason)
        done = sa.update(Delivery).where(Delivery.id == delivery_id)
        uow.session.execute(done.values(done_at=uow.now, last_error=None))


def _keep(uow: UnitOfWork, file: FileToFetch, checked: Checked | None, reason: str) -> None:
    if checked is None:
        give_up_fetching(uow, file, reason)
        return
    try:
        with uow.session.begin_nested():
            attach_fetched(uow, file, checked)
    except Invalid:
        give_up_fetching(uow, file, "too_many_on_case")


def _fetched(wired: Wiring, url: str) -> Checked:
    """
    Raises:
        Refused: an address that is not to be called, or whose answer is no file.
        FileRefused: what came is not a photo or a PDF, or too large.
        Unavailable: to be tried again.
    """
    settings = wired.settings
    answer = fetch(
        url,
        trusted=settings.outside.trusted_hosts,
        seconds=_SECONDS,
        most_bytes=settings.files.file_mb * _MB,
    )
    if answer.status in _LATER or answer.status >= 500:
        raise Unavailable(why="no_answer")
    if answer.status != 200:
        raise Refused("not_there")
    return check_file(BytesIO(answer.body), urlsplit(url).path, settings.files)
