"""One box to find a demand or a usager: a reference, a number, an e-mail, a name, an address."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import Mistyped, cases_of_contact, one_case, parse_reference, require_contact
from crm.contacts import contact_card
from crm.foundation import NotFound
from crm.http import gettext as _
from crm.http import holds, needs, reading
from crm.web.explaining import category_label
from crm.web.usagers import usagers

bp = Blueprint("finding", __name__, url_prefix="/console")
_SOUGHT, _LONGEST = "sought", 200
_REFERENCE_LIKE = frozenset("0123456789-·. –")


@bp.post("/recherche")
@needs(Permission.CASE_VIEW)
def look_for() -> ResponseReturnValue:
    """What is sought may be a name: it waits in the agent's cookie, never in an address that logs keep."""
    session[_SOUGHT] = request.form.get("q", "").strip()[:_LONGEST]
    return redirect(url_for("finding.search"), 303)


@bp.get("/recherche")
@needs(Permission.CASE_VIEW)
def search() -> ResponseReturnValue:
    """What was found for the last words of the box; it can be reloaded and gone back to."""
    text, told = str(session.get(_SOUGHT, "")), ""
    if _looks_like_reference(text):
        found, told = _by_reference(text)
        if found:
            return redirect(url_for("cases.show", reference=found))
    may_see_people = holds(current_user.actor.roles, frozenset({Permission.CONTACT_VIEW}))
    with reading() as read:
        people = usagers(read, text, 20) if text and may_see_people else []
    return render_template("web/finding/search.html", search_text=text, people=people, told=told)


@bp.get("/usagers/<int:contact_id>")
@needs(Permission.CONTACT_VIEW)
def person(contact_id: int) -> str:
    """A usager and their demands within reach; a desk sees only those it has a demand with."""
    actor = current_user.actor
    with reading() as read:
        require_contact(read, actor, contact_id)
        card = contact_card(read, contact_id)
        lines = cases_of_contact(read, actor, contact_id, limit=50)
    return render_template(
        "web/finding/person.html",
        card=card,
        lines=lines,
        labels={line.id: category_label(line.category_code) for line in lines},
    )


def _looks_like_reference(text: str) -> bool:
    digits = sum(c.isdigit() for c in text)
    return 11 <= digits <= 14 and set(text) <= _REFERENCE_LIKE and text.lstrip()[:2] == "20"


def _by_reference(text: str) -> tuple[str, str]:
    """The reference if this agent may open it, else what to say."""
    try:
        reference = parse_reference(text)
    except Mistyped:
        return "", _("Ce numéro n’existe pas : vérifiez les deux derniers chiffres.")
    try:
        with reading() as read:
            return one_case(read, current_user.actor, reference).reference, ""
    except NotFound:
        return "", _("Aucune demande de ce numéro dans votre périmètre.")
