"""The page of a link. A GET shows and is noted; only a POST acts. Nothing here names a case by its number."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.attachments import file_of_case, files_of_case
from crm.cases import case_by_id
from crm.cases.orders import order_by_id
from crm.catalogue import asks_evidence
from crm.foundation import Actor, Conflict, IllegalStep, Invalid, NotFound
from crm.guests import (
    Answer,
    GuestSheet,
    Purpose,
    Said,
    Standing,
    answer_link,
    guest,
    link_of_key,
    note_reading,
)
from crm.http import Taken, limiter, public, reading, reasons, take_files, takes_files, unit_of_work, wiring
from crm.http.downloads import file_response, thumbnail_response

bp = Blueprint("guests_door", __name__, url_prefix="/invite")
_UNSEEN = {"X-Robots-Tag": "noindex, nofollow"}


@bp.get("/<token:key>")
@public
@limiter.limit("60 per 10 minutes")
def show(key: str) -> ResponseReturnValue:
    link = _link(key)
    if link is None or link.standing(wiring().clock.now()) is not Standing.OPEN:
        return _closed(link)
    with unit_of_work(_acting(link)) as uow:
        note_reading(uow, link.id)
    return _page(key, link, {}, {}), _UNSEEN


@bp.post("/<token:key>")
@public
@takes_files
@limiter.limit("20 per 10 minutes")
def answer(key: str) -> ResponseReturnValue:
    link = _link(key)
    if link is None or link.standing(wiring().clock.now()) is not Standing.OPEN:
        return _closed(link)
    acting, typed = _acting(link), request.form.to_dict()
    taken = _proof(link, acting)
    if taken.refusals:
        return _page(key, link, typed, {}, taken), 422, _UNSEEN
    try:
        with unit_of_work(acting) as uow:
            answer_link(uow, wiring().rulebooks.current(), link.id, _said(typed, taken))
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _page(key, link, typed, wrong, taken), 422, _UNSEEN
    except (NotFound, IllegalStep):
        return _closed(_link(key))
    except Conflict:
        return _page(key, link, typed, {}, taken, moved=True), 409, _UNSEEN
    return redirect(url_for(".thanks"), 303)


@bp.get("/merci")
@public
def thanks() -> ResponseReturnValue:
    return render_template("portal/guests/thanks.html"), _UNSEEN


@bp.get("/<token:key>/fichiers/<token:file>")
@public
@limiter.limit("300 per 10 minutes")
def file(key: str, file: str) -> Response:
    link = _open(key, file)
    with reading() as session:
        return file_response(session, file_of_case(session, link.case_id, file))


@bp.get("/<token:key>/fichiers/<token:file>/apercu")
@public
@limiter.limit("300 per 10 minutes")
def thumbnail(key: str, file: str) -> Response:
    link = _open(key, file)
    with reading() as session:
        return thumbnail_response(session, file_of_case(session, link.case_id, file))


def _open(key: str, file: str) -> GuestSheet:
    """The link, if it shows this very file. Raises NotFound."""
    link = _link(key)
    if link is None or file not in link.files or link.standing(wiring().clock.now()) is not Standing.OPEN:
        raise NotFound(file=file)
    return link


def _link(key: str) -> GuestSheet | None:
    with reading() as session:
        return link_of_key(session, key)


def _acting(link: GuestSheet) -> Actor:
    unit = wiring().rulebooks.units().get(link.unit_id or 0)
    return guest(link.id, link.purpose, link.unit_id, unit.organization_id if unit else None)


def _closed(link: GuestSheet | None) -> ResponseReturnValue:
    """The same page for what never was, was withdrawn, or was answered. Who holds a link that is too old,
    and whose case still concerns them, is told so: its key is not guessed.
    """
    if link is not None and link.standing(wiring().clock.now()) is Standing.EXPIRED:
        return render_template("portal/guests/expired.html", link=link), 410, _UNSEEN
    return render_template("portal/guests/closed.html"), 404, _UNSEEN


def _proof(link: GuestSheet, acting: Actor) -> Taken:
    if link.purpose is not Purpose.WORK:
        return Taken()
    with reading() as session:
        order = order_by_id(session, link.order_id) if link.order_id else None
        return take_files(order or case_by_id(session, link.case_id), acting=acting)


def _said(typed: dict[str, str], taken: Taken) -> Said:
    """
    Raises:
        Invalid: no answer chosen, or not a day.
    """
    chosen, day = typed.get("answer", ""), typed.get("planned_on", "").strip()
    if chosen not in set(Answer):
        raise Invalid({"answer": "required"})
    try:
        planned_on = date.fromisoformat(day) if day else None
    except ValueError:
        raise Invalid({"planned_on": "not_a_date"}) from None
    return Said(
        answer=Answer(chosen),
        name=typed.get("name", ""),
        text=typed.get("text", ""),
        planned_on=planned_on,
        files=taken.tokens,
        no_photo=typed.get("no_photo", ""),
    )


def _page(
    key: str,
    link: GuestSheet,
    typed: dict[str, str],
    wrong: dict[str, str],
    taken: Taken | None = None,
    *,
    moved: bool = False,
) -> str:
    held = taken or Taken()
    with reading() as session:
        shown = [one for one in files_of_case(session, link.case_id) if one.token in set(link.files)]
        case = case_by_id(session, link.case_id)
        asked = link.purpose is Purpose.WORK and asks_evidence(session, case.category_code)
    return render_template(
        "portal/guests/show.html",
        key=key,
        link=link,
        files=shown,
        typed=typed,
        wrong=wrong,
        refusals=held.refusals,
        staged=held.shown(),
        asks_photo=asked,
        moved=moved,
        limits=wiring().settings.files,
        now=wiring().clock.now(),
    )
