"""A photo that proves the works: sent first, as it is; then named by its token in the report."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from flask import request

from crm.access import Permission, Reach, require
from crm.api.v1.blueprint import Refused
from crm.api.v1.operations import Reply
from crm.api.v1.shapes import Photo
from crm.attachments import Evidence, FileRefused, Giving, attach_files, check_file, stage_file
from crm.foundation import Actor, UnitOfWork
from crm.http import unit_of_work, wiring

_BYTES = "application/octet-stream"
_AFTER = Giving(from_usager=False, evidence=Evidence.AFTER)


def stage(actor: Actor, reach: Reach) -> Reply:
    """
    Raises:
        Refused: not bytes, too many of them, or no picture that can be kept.
    """
    require(actor, Permission.CASE_NOTE, reach)  # before any file is opened
    limits = wiring().settings.files
    if request.mimetype != _BYTES and not request.mimetype.startswith("image/"):
        raise Refused(415, "not_a_photo", headers={"Accept-Post": f"{_BYTES}, image/*"})
    if (request.content_length or 0) > limits.file_mb * 1_000_000:
        raise Refused(413, "too_long")
    try:
        checked = check_file(BytesIO(request.get_data(cache=False)), "photo", limits)
    except FileRefused as refusal:
        raise Refused(422, "invalid", fields={"photo": refusal.reason}) from None
    with unit_of_work(actor) as uow:
        return Reply(Photo(token=stage_file(uow, reach, checked)))


def prove(uow: UnitOfWork, reach: Reach, case_id: int, tokens: Sequence[str]) -> None:
    """The photos go to the demand, inside: whoever answers the resident chooses what they are shown."""
    attach_files(uow, reach, case_id, tokens, _AFTER)
