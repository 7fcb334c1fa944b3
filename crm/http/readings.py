"""Each reading of a case that few may read is kept, whatever page, file or machine asked for it."""

from __future__ import annotations

from flask import Flask, Response, request
from sqlalchemy.orm import Session

from crm.cases import RESTRICTED_SEEN, note_reading
from crm.http.doors import READING, actor, wiring


def install(app: Flask) -> None:
    """After the doors: what is registered last runs first, while the session is still there."""
    app.after_request(_keep)


def _keep(response: Response) -> Response:
    session = request.environ.get(READING)
    seen = session.info.pop(RESTRICTED_SEEN, ()) if isinstance(session, Session) else ()
    if seen and actor().kind == "agent":
        with wiring().units.begin(actor()) as uow:
            note_reading(uow, seen)
    return response
