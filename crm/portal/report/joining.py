"""« C’est déjà signalé »: whoever recognises it joins it, in two pages and no report.

Nobody joins anything else: what is joined is looked up again among what this very draft is shown.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.foundation import RESIDENT, Invalid
from crm.http import limiter, public, reading, reasons, unit_of_work
from crm.intake import MeToo, register_follower
from crm.portal.report.checks import check
from crm.portal.report.draft import Draft, read_draft
from crm.portal.report.known import Proposed, known_nearby, known_page
from crm.portal.report.screens import carried, screen
from crm.portal.report.sending import contact_of
from crm.portal.report.views import bp, checked_against


@bp.post("/signaler/suivre")
@public
@limiter.limit("240 per minute")
def join() -> ResponseReturnValue:
    """« C’est celui-là »: how to be told, and nothing else."""
    draft = read_draft(request.form)
    wanted = _wanted(draft)
    return _page(draft, wanted) if wanted else known_page(draft, known_nearby(draft))


@bp.post("/signaler/suivre/envoi")
@public
@limiter.limit("120 per minute; 600 per hour")
def joined() -> ResponseReturnValue:
    draft = read_draft(request.form)
    wanted = _wanted(draft)
    if wanted is None or draft.trap:  # it ended meanwhile, or a machine wrote this
        return known_page(draft, known_nearby(draft))
    if errors := check("contact", draft, checked_against()):
        return _page(draft, wanted, errors)
    try:
        with unit_of_work(RESIDENT) as uow:
            followed, _who = register_follower(uow, wanted.reference, _me_too(draft))
    except Invalid as refusal:
        names = {"answer_channel": "way"}
        errors = reasons(refusal, names)
        return _page(draft, wanted, errors)
    return redirect(url_for("tracking.followed", token=followed.token, fait="suivi"), 303)


def _wanted(draft: Draft) -> Proposed | None:
    asked = request.form.get("follow", "")
    return next((one for one in known_nearby(draft) if one.reference == asked), None)


def _me_too(draft: Draft) -> MeToo:
    return MeToo(
        key=f"web-{draft.key}",
        channel="web",
        contact=contact_of(draft),
        answer_channel=draft.way,
        said=draft.object,
    )


def _page(draft: Draft, wanted: Proposed, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    with reading() as session:
        shown = screen("contact", session, draft)
    page = render_template(
        "portal/report/join.html",
        here="report",
        step="contact",
        wanted=wanted,
        draft=draft,
        carried=carried("contact", draft),
        errors=errors or {},
        **shown,
    )
    return page, 422 if errors else 200, {"Cache-Control": "private, no-cache"}
