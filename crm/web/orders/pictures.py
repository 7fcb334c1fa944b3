"""The photos of a case, for a unit that sees the order and not the case."""

from __future__ import annotations

from flask import Response
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.attachments import CaseFile, file_of_case
from crm.cases.orders import one_order
from crm.foundation import NotFound
from crm.http import needs, reading
from crm.http.downloads import file_response, thumbnail_response
from crm.web.orders.blueprint import bp


@bp.get("/interventions/<reference:reference>/<int:number>/fichiers/<token:file>")
@needs(Permission.ORDER_VIEW)
def file(reference: str, number: int, file: str) -> Response:
    with reading() as session:
        return file_response(session, _picture(session, reference, number, file))


@bp.get("/interventions/<reference:reference>/<int:number>/fichiers/<token:file>/apercu")
@needs(Permission.ORDER_VIEW)
def thumbnail(reference: str, number: int, file: str) -> Response:
    with reading() as session:
        return thumbnail_response(session, _picture(session, reference, number, file))


def _picture(session: Session, reference: str, number: int, token: str) -> CaseFile:
    """
    Raises:
        NotFound: no such order within reach, no such file, or one that is no picture.
    """
    order = one_order(session, current_user.actor, reference, number)
    found = file_of_case(session, order.case_id, token)
    if not found.is_picture:
        raise NotFound(reference=reference)
    return found
