"""The only place where a refusal meets HTTP. A test: every refusal has its status and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from crm.attachments import FileRefused
from crm.cases import AlreadyRegistered, Mistyped
from crm.foundation import Conflict, CrmError, IllegalStep, Invalid, NotAllowed, NotFound, Unavailable
from crm.http.doors import forgo_reading
from crm.http.identity import IdentityRefused
from crm.http.language import gettext as _
from crm.intake import AlreadySent, Overtaken

log = structlog.get_logger()

STATUS: dict[type[CrmError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    IllegalStep: 409,
    AlreadyRegistered: 409,
    AlreadySent: 409,
    Overtaken: 409,
    Invalid: 422,
    FileRefused: 422,
    Mistyped: 422,
    IdentityRefused: 401,
    Unavailable: 503,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the person reads: what happened, and what to do."""

    heading: str
    explanation: str


def told(status: int) -> Told:
    """Words for a status: plain, and the same for what does not exist and what may not be known."""
    words = {
        400: (_("La demande est incomplète"), _("Revenez à la page précédente : votre saisie y est encore.")),
        401: (_("Votre session est terminée"), _("Reconnectez-vous : votre saisie est gardée.")),
        403: (_("Cette action ne vous est pas ouverte"), _("Demandez à un superviseur de la faire.")),
        404: (
            _("Page introuvable"),
            _("L’adresse est peut-être incomplète, ou vous n’avez pas accès à cette page."),
        ),
        405: (_("Page introuvable"), _("Cette adresse ne s’ouvre pas ainsi. Revenez à la page précédente.")),
        409: (
            _("La demande a changé entre-temps"),
            _("Quelqu’un d’autre vient de l’enregistrer. Rouvrez-la pour voir où elle en est."),
        ),
        410: (_("Ce lien n’est plus valable"), _("Demandez-en un autre au centre de relation.")),
        413: (
            _("Votre envoi est trop lourd"),
            _("Revenez à la page précédente : votre saisie y est encore. Joignez moins de fichiers."),
        ),
        422: (_("Il manque quelque chose"), _("Revenez à la page précédente : votre saisie y est encore.")),
        429: (
            _("Trop d’essais"),
            _("Attendez quelques minutes avant de recommencer, ou appelez-nous."),
        ),
        503: (
            _("Un service ne répond pas"),
            _("Rien n’est perdu de ce qui était enregistré. Réessayez dans un instant."),
        ),
    }
    heading, explanation = words.get(
        status,
        (_("Une erreur est survenue"), _("Elle est notée. Réessayez dans un instant, ou appelez-nous.")),
    )
    return Told(heading, explanation)


def wants_json() -> bool:
    """A machine asked, or one of our own scripts."""
    machine = request.path.startswith(("/open311/", "/api/"))
    return machine or request.accept_mimetypes.best == "application/json"


def problem(status: int, code: str, fields: dict[str, str] | None = None) -> ResponseReturnValue:
    """A refusal, for a machine or one of our own scripts."""
    said = {"type": f"/errors/{code}", "title": told(status).heading, "status": status}
    if fields:
        said["fields"] = fields
    return said, status, {"Content-Type": "application/problem+json"}


def _answer(status: int, code: str, fields: dict[str, str] | None = None) -> ResponseReturnValue:
    words = told(status)
    if wants_json():
        return problem(status, code, fields)
    inside = request.path.startswith("/console") and current_user.is_authenticated
    page = "_layout/error.html" if inside else "_layout/error_portal.html"
    return render_template(
        page,
        heading=words.heading,
        explanation=words.explanation,
        next_href="/console/" if inside else "/",
        next_label=_("Retour à l’accueil"),
    ), status


def _refused(error: CrmError) -> ResponseReturnValue:
    fields = error.fields if isinstance(error, Invalid) else None
    return _answer(STATUS[type(error)], error.code, fields)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirection
    answer = make_response(_answer(error.code, "http"))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # RFC 9110 wants it
    return answer


def _database_down(error: OperationalError) -> ResponseReturnValue:
    log.error("database_unreachable", kind=type(error.orig).__name__)
    forgo_reading()
    return _answer(503, "unavailable")


def _forged(_error: CSRFError) -> ResponseReturnValue:
    """The agents' door knows what to do with a form whose session ended; elsewhere it is a forgery."""
    known: Callable[[], ResponseReturnValue | None] | None = current_app.extensions.get("crm_stale_token")
    return (known and known()) or _answer(400, "csrf")


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("page_failed", endpoint=request.endpoint, exc_info=error)
    return _answer(500, "broken")


def install(app: Flask) -> None:
    app.register_error_handler(CrmError, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_down)
    if not app.testing:
        app.register_error_handler(Exception, _broken)
