"""One box to find a demand or a usager: words, an address, a reference, a number, an e-mail, a name."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.http import holds, needs, reading
from crm.web.finding.blueprint import bp
from crm.web.finding.results import reference_typed, results

_SOUGHT, _LONGEST = "sought", 200
_ON_PAGE, _IN_BOX = 20, 6


@bp.post("/recherche")
@needs(Permission.CASE_VIEW)
def look_for() -> ResponseReturnValue:
    """What is sought may be a name: it waits in the agent's cookie, never in an address that logs keep."""
    session[_SOUGHT] = request.form.get("q", "").strip()[:_LONGEST]
    return redirect(url_for("finding.search"), 303)


@bp.get("/recherche")
@needs(Permission.CASE_VIEW)
def search() -> ResponseReturnValue:
    """What was found for the last words of the box, or for `?q=` of a link.

    In a browser with scripts the words then stand behind the address's « # », which no server is ever sent.
    """
    text = request.args.get("q", "").strip()[:_LONGEST] or str(session.get(_SOUGHT, ""))
    with reading() as read:
        found = results(read, text, demands=_ON_PAGE, after=request.args.get("apres", ""))
    if reference_typed(text) and found.is_exact:
        return redirect(url_for("cases.show", reference=found.references[0].case.reference))
    may_create = holds(current_user.actor.roles, frozenset({Permission.CASE_CREATE}))
    return render_template(
        "web/finding/search.html", search_text=text, found=found, on_page=True, may_create=may_create
    )


@bp.post("/recherche/resultats")
@needs(Permission.CASE_VIEW)
def found_so_far() -> str:
    """The same as one types: under the box, or in the page of results."""
    text = request.form.get("q", "").strip()[:_LONGEST]
    on_page = request.form.get("on") == "page"
    if on_page:
        session[_SOUGHT] = text
    if len(text) < 2:
        return ""
    with reading() as read:
        after = request.form.get("apres", "")
        found = results(read, text, demands=_ON_PAGE if on_page else _IN_BOX, after=after)
    return render_template("web/finding/_found.html", found=found, on_page=on_page)
