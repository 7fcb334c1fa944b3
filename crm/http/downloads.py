"""A file of a case on its way out: to be saved, never run, never kept by what stands between."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath

from flask import Response, send_file
from sqlalchemy.orm import Session

from crm.attachments import CaseFile, file_bytes
from crm.http.doors import wiring

_HARMLESS = "default-src 'none'; sandbox"
_KEPT = "private, max-age=3600, immutable"  # by the browser of whoever was allowed to see it


def file_response(session: Session, file: CaseFile) -> Response:
    """Raises NotFound or Unavailable."""
    content = file_bytes(session, wiring().storage, file)
    name = file.name
    if file.is_picture:
        name = f"{PurePath(name).stem or 'photo'}.jpg"  # what it has become
    answer = send_file(BytesIO(content), mimetype=file.media_type, as_attachment=True, download_name=name)
    return _guarded(answer)


def thumbnail_response(session: Session, file: CaseFile) -> Response:
    """Raises NotFound or Unavailable."""
    return small_picture(file_bytes(session, wiring().storage, file, thumbnail=True))


def small_picture(content: bytes) -> Response:
    """A JPEG that we drew ourselves, shown in a page."""
    return _guarded(Response(content, mimetype="image/jpeg"))


def _guarded(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = _HARMLESS
    answer.headers["Cache-Control"] = _KEPT
    return answer
