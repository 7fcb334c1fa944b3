"""The session's cookie: which answers write it, so that none lays an older one over a newer."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

from crm.http.errors import wants_json


class LateAnswersWriteNothing(SecureCookieSessionInterface):
    """Whatever changed the session writes it, and each page opened renews it.

    What a page asks for by itself (the bell, presence, an image) may be answered after a form that was sent
    later: it would bring back the cookie from before, without the words for the next page. It renews nothing,
    unless half of the session is over: a screen on a wall opens no page for days, and stays logged in.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return session.modified or (session.permanent and (not _by_itself() or self._half_over(app)))

    def _half_over(self, app: Flask) -> bool:
        signer = self.get_signing_serializer(app)
        kept = request.cookies.get(self.get_cookie_name(app), "")
        try:
            if signer is not None:
                signer.loads(kept, max_age=int(app.permanent_session_lifetime.total_seconds() / 2))
        except BadSignature:
            return True
        return False


def _by_itself() -> bool:
    """Asked by a script or for a piece of a page. A browser says it, except where HTTPS is wanting."""
    mode = request.headers.get("Sec-Fetch-Mode")
    return mode != "navigate" if mode else "HX-Request" in request.headers or wants_json()
