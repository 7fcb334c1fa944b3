"""Two sheets side by side: the same person, or not; and what was joined by mistake taken apart."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm import contacts
from crm.access import Permission
from crm.cases import require_contact, see_contact
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number
from crm.web.contacts.about import look_alikes, signs_said
from crm.web.contacts.blueprint import bp
from crm.web.contacts.saying import moved_words, score_words


@bp.get("/doublons")
@needs(Permission.CONTACT_MERGE)
def alike() -> str:
    """Pairs that may be one person, by their shared points: a part of them at a time."""
    with reading() as session:
        page = contacts.suggestions_page(session, after=whole_number(request.args.get("apres")))
        ids = [card.id for one in page.items for card in (one.one, one.other)]
        known = contacts.contact_names(session, ids) if ids else {}
    pairs = [(one, score_words(one.score), signs_said(one.signs)) for one in page.items]
    return render_template("web/contacts/alike.html", pairs=pairs, names=known, after=page.after)


@bp.get("/<int:contact_id>/fusion")
@needs(Permission.CONTACT_MERGE)
def compare(contact_id: int) -> ResponseReturnValue:
    """`avec`: the other one. Nobody merges without having seen both."""
    other = whole_number(request.args.get("avec"))
    page = _compare(contact_id, other)
    with unit_of_work() as uow:
        for one in (contact_id, *([other] if other else [])):
            see_contact(uow, one, "compare")
    return page


@bp.post("/<int:contact_id>/fusion")
@needs(Permission.CONTACT_MERGE)
def merge(contact_id: int) -> ResponseReturnValue:
    """The one of the address stays."""
    form = request.form
    other = whole_number(form.get("other")) or 0
    seen = {contact_id: whole_number(form.get("seen")) or 0, other: whole_number(form.get("other_seen")) or 0}
    said = form.get("reason", "")
    try:
        with unit_of_work() as uow:
            for one in (contact_id, other):
                require_contact(uow.session, uow.actor, one)
            contacts.merge_contacts(uow, contact_id, other, reason=said, seen=seen)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _compare(contact_id, other, wrong=wrong, typed=said, status=422)
    except Conflict:
        return _compare(contact_id, other, clash=True, typed=said, status=409)
    flash(_("Les deux fiches n’en font plus qu’une. Vous pouvez défaire cette fusion d’ici."), "ok")
    return _to_sheet(contact_id)


@bp.post("/<int:contact_id>/fusion/defaire")
@needs(Permission.CONTACT_MERGE)
def part(contact_id: int) -> ResponseReturnValue:
    """The one of the address had been absorbed."""
    try:
        with unit_of_work() as uow:
            require_contact(uow.session, uow.actor, contact_id)
            kept = contacts.unmerge_contact(uow, contact_id, reason=request.form.get("reason", ""))
    except Invalid:
        flash(_("Écrivez pourquoi la fusion est défaite."), "warn")
        return _to_sheet(contact_id)
    except Conflict:
        flash(_("Cette fiche a été fusionnée à son tour : défaites d’abord cette fusion-là."), "warn")
        return _to_sheet(contact_id)
    with reading() as session:
        name = contacts.contact_names(session, [kept]).get(kept, "")
    told = _("Fusion défaite. Ce qui est arrivé depuis la fusion reste sur la fiche de %(name)s.", name=name)
    flash(told, "ok")
    return _to_sheet(contact_id)


@bp.post("/<int:contact_id>/distincts")
@needs(Permission.CONTACT_MERGE)
def apart(contact_id: int) -> ResponseReturnValue:
    """They look alike and are two."""
    other = whole_number(request.form.get("other")) or 0
    with unit_of_work() as uow:
        for one in (contact_id, other):
            require_contact(uow.session, uow.actor, one)
            contacts.contact_card(uow.session, one)
        contacts.tell_apart(uow, contact_id, other)
    flash(_("C’est noté : ce sont deux personnes. La fusion n’est plus proposée."), "ok")
    return _to_sheet(contact_id)


def _to_sheet(contact_id: int) -> ResponseReturnValue:
    return redirect(url_for("finding.person", contact_id=contact_id), 303)


def _compare(contact_id: int, other_id: int | None, *, status: int = 200, **more: Any) -> ResponseReturnValue:
    with reading() as session:
        one = _side(session, contact_id)
        other = _side(session, other_id) if other_id and other_id != contact_id else None
        known = look_alikes(session, one["card"])
    if other and other["card"].id == one["card"].id:  # merged since the page was opened
        return _to_sheet(one["card"].id)
    page = render_template(
        "web/contacts/compare.html",
        **{"wrong": {}, "typed": "", "clash": False, **more},
        one=one,
        other=other,
        alike=known,
        like=next((each for each in known if other and each.card.id == other["card"].id), None),
    )
    return page, status


def _side(session: Session, contact_id: int) -> dict[str, Any]:
    """
    Raises:
        NotFound: nobody that the agent may know.
    """
    require_contact(session, current_user.actor, contact_id)
    card = contacts.contact_card(session, contact_id)
    return {"card": card, "held": moved_words(contacts.count_held(session, card.id))}
