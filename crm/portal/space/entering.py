"""The browser of a visit: its cookie, and the seal of its forms."""

from __future__ import annotations

import hmac
from hashlib import sha256

from flask import Response, current_app, request

from crm.foundation import NotFound
from crm.http import reading, wiring
from crm.space import VISIT_HOURS, Visit, visit_of

COOKIE, PATH = "espace", "/mon-espace"


def visit() -> Visit | None:
    """Whose browser this is, as long as the visit lasts."""
    key = request.cookies.get(COOKIE, "")
    if not key:
        return None
    with reading() as session:
        return visit_of(session, key, wiring().clock.now())


def seal() -> str:
    """In every form of the space: another site cannot know it, so it cannot act in the visitor's name."""
    secret, key = current_app.config["SECRET_KEY"], request.cookies.get(COOKIE, "")
    return hmac.new(secret.encode(), f"space {key}".encode(), sha256).hexdigest()[:32]


def sealed_visit() -> Visit:
    """
    Raises:
        NotFound: nobody is in, or the form is not one of ours.
    """
    found = visit()
    if found is None or not hmac.compare_digest(request.form.get("seal", "").encode(), seal().encode()):
        raise NotFound()
    return found


def let_in(response: Response, key: str) -> Response:
    """Not beyond these pages, not for scripts, not from other sites."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=VISIT_HOURS * 3600,
        path=PATH,
        secure=wiring().settings.web.secure_cookies,
        httponly=True,
        samesite="Lax",  # the link of a message comes from elsewhere
    )
    return response


def let_out(response: Response) -> Response:
    response.delete_cookie(COOKIE, path=PATH)
    return response
