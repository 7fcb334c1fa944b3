"""« Se faire aider »: a code to say on the telephone, and an agent goes on with the very draft.

And the other way: the link of a message opens what an agent began. GET shows, POST opens; once.
"""

from __future__ import annotations

import re
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from crm.foundation import RESIDENT, NotFound
from crm.http import gettext as _
from crm.http import limiter, public, reading, take_files, takes_files, unit_of_work, wiring
from crm.intake import (
    AlreadySent,
    Shared,
    give_code,
    open_link,
    shared_by_id,
    shared_by_key,
    signed_in_link,
)
from crm.portal.report.checks import STEPS
from crm.portal.report.draft import Draft, read_draft
from crm.portal.report.sending import case_key
from crm.portal.report.views import bp, page

_CODE = re.compile(r"\d{6}")
_PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


@bp.post("/signaler/aide")
@public
@takes_files
@limiter.limit("12 per hour")
def ask_help() -> ResponseReturnValue:
    """What was written so far waits for an agent, for a short while; it travels on in this page too."""
    draft, step = read_draft(request.form), _step()
    if step == "photos":
        draft = replace(draft, files=take_files(acting=RESIDENT).tokens)
    if not draft.object:
        told = _("Écrivez d’abord en quelques mots ce qui se passe : le conseiller partira de là.")
        return page("what", draft, {"object": told})
    wired = wiring()
    try:
        with unit_of_work(RESIDENT) as uow:
            code, _ends_at = give_code(
                uow,
                case_key(draft),
                {**draft.texts(), "key": draft.key},
                secret=wired.settings.secret_key.get_secret_value(),
                minutes=wired.settings.sharing.code_minutes,
            )
    except AlreadySent:
        return _finished(_standing(draft))
    return _help_page(draft, step, code, _standing(draft))


@bp.post("/signaler/aide/suite")
@public
@limiter.limit("120 per hour")
def follow_help() -> ResponseReturnValue:
    """Has an agent opened it, or finished it?"""
    draft, code = read_draft(request.form), request.form.get("code", "")
    shared = _standing(draft)
    if shared is None:
        return page(_step(), draft)
    if shared.token:
        return _finished(shared)
    return _help_page(draft, _step(), code if _CODE.fullmatch(code) else "", shared)


@bp.get("/signaler/reprise/<signed>")
@public
@limiter.limit("60 per hour")
def linked(signed: str) -> ResponseReturnValue:
    """Says what is behind the link, and nothing of what was typed: a mail reader may open it by itself."""
    shared = _behind(signed)
    is_good = shared.opened_at is None and shared.token is None and shared.ends_at > wiring().clock.now()
    shown = render_template("portal/report/linked.html", here="report", shared=shared, is_good=is_good)
    return shown, 200 if is_good else 410, _PRIVATE


@bp.post("/signaler/reprise/<signed>")
@public
@limiter.limit("30 per hour")
def open_linked(signed: str) -> ResponseReturnValue:
    shared = _behind(signed)
    try:
        with unit_of_work(RESIDENT) as uow:
            key, boxes = open_link(uow, shared.id)
    except (NotFound, AlreadySent):
        return redirect(url_for("report.linked", signed=signed), 303)
    typed = MultiDict({**boxes, "key": key.removeprefix("web-")})
    return page("review", read_draft(typed))


def _behind(signed: str) -> Shared:
    """Raises NotFound for what we did not sign, and what is forgotten."""
    shared_id = signed_in_link(wiring().settings.secret_key.get_secret_value(), signed)
    with reading() as session:
        shared = shared_by_id(session, shared_id) if shared_id is not None else None
    if shared is None:
        raise NotFound(link=shared_id)
    return shared


def _standing(draft: Draft) -> Shared | None:
    with reading() as session:
        return shared_by_key(session, case_key(draft))


def _finished(shared: Shared | None) -> ResponseReturnValue:
    """Whoever sent it, it is one demand: here is its number."""
    if shared is None or shared.token is None:
        raise NotFound()
    return redirect(url_for("report.sent", token=shared.token, aide=1), 303)


def _step() -> str:
    step = request.form.get("step", "")
    return step if step in STEPS else "what"


def _help_page(draft: Draft, step: str, code: str, shared: Shared | None) -> ResponseReturnValue:
    shown = render_template(
        "portal/report/help.html",
        here="report",
        draft=draft,
        step=step,
        carried=draft.texts(),
        code=code,
        shared=shared,
    )
    return shown, 200, _PRIVATE
