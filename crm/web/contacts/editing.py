"""The sheet corrected with the usager on the line: name, ways to reach, wishes, needs, who acts for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm import contacts
from crm.access import Permission
from crm.cases import require_contact, see_contact
from crm.contacts import NewContact, Wishes
from crm.foundation import PARIS, Conflict, Invalid, NotFound, UnitOfWork
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number, wiring, wording
from crm.web.contacts.about import about
from crm.web.contacts.blueprint import bp
from crm.web.contacts.saying import need_labels

# What is done to one way to reach them.
_ACTS: dict[str, Callable[[UnitOfWork, int, int], object]] = {
    "withdraw": contacts.withdraw_point,
    "prefer": contacts.prefer_point,
    "failed": contacts.say_failed,
    "sound": contacts.mark_sound,
    "doubted": contacts.doubt_point,
    "no_sms": lambda uow, who, point: contacts.refuse_sms(uow, _number(uow, who, point), "agent"),
    "sms_again": lambda uow, who, point: contacts.accept_sms(uow, _number(uow, who, point), "agent"),
    "verified": lambda uow, who, point: _verify(uow, who, point),
    "family": lambda uow, who, point: contacts.say_shared(uow, who, point, "family"),
    "switchboard": lambda uow, who, point: contacts.say_shared(uow, who, point, "switchboard"),
    "alone": lambda uow, who, point: contacts.say_shared(uow, who, point, ""),
}

# How an agent may have seen that it is theirs; a link followed or an answer is noted without them.
_BY_AN_AGENT = ("paper", "call_back")


@bp.get("/<int:contact_id>/modifier")
@needs(Permission.CONTACT_EDIT)
def edit(contact_id: int) -> ResponseReturnValue:
    page = _page(contact_id)
    with unit_of_work() as uow:
        see_contact(uow, contact_id, "edit")
    return page


@bp.post("/<int:contact_id>/nom")
@needs(Permission.CONTACT_EDIT)
def rename(contact_id: int) -> ResponseReturnValue:
    """Misheard on the telephone, or changed since."""
    form = request.form
    given = NewContact(
        family_name=form.get("family_name", ""),
        first_name=form.get("first_name", ""),
        organization_name=form.get("organization_name", ""),
    )
    seen = whole_number(form.get("seen_version")) or 0
    return _done(contact_id, lambda uow: contacts.correct_name(uow, contact_id, given, seen_version=seen))


@bp.post("/<int:contact_id>/moyens")
@needs(Permission.CONTACT_EDIT)
def add(contact_id: int) -> ResponseReturnValue:
    """A number, an e-mail or an address more."""
    form = request.form
    given = NewContact(
        phone=form.get("phone", ""),
        email=form.get("email", ""),
        postal=tuple(form.get("postal", "")[:2000].splitlines()),
    )
    return _done(contact_id, lambda uow: contacts.find_or_create_contact(uow, given, contact_id=contact_id))


@bp.post("/<int:contact_id>/moyens/<int:point_id>")
@needs(Permission.CONTACT_EDIT)
def change(contact_id: int, point_id: int) -> ResponseReturnValue:
    act = _ACTS.get(request.form.get("act", ""))

    def do(uow: UnitOfWork) -> None:
        if act is None:
            raise Invalid({"act": "unknown"})
        act(uow, contact_id, point_id)

    return _done(contact_id, do)


def _verify(uow: UnitOfWork, contact_id: int, point_id: int) -> None:
    """
    Raises:
        Invalid: the agent did not say how, or it is verified on another sheet.
    """
    how = request.form.get("how", "")
    if how not in _BY_AN_AGENT:
        raise Invalid({"how": "how_known"})
    try:
        contacts.verify_point(uow, contact_id, point_id, how=how)
    except Conflict as taken:
        raise Invalid({"point": "verified_elsewhere"}) from taken


def _number(uow: UnitOfWork, contact_id: int, point_id: int) -> str:
    """Raises NotFound: this contact has no such point."""
    points = contacts.contact_card(uow.session, contact_id).points
    found = next((one.value for one in points if one.id == point_id and one.kind == "phone"), None)
    if found is None:
        raise NotFound(point=point_id)
    return found


@bp.post("/<int:contact_id>/souhaits")
@needs(Permission.CONTACT_EDIT)
def wish(contact_id: int) -> ResponseReturnValue:
    form = request.form
    wishes = Wishes(
        preferred_channel=form.get("preferred_channel", ""),
        language=form.get("language", "fr"),
        no_surveys="no_surveys" in form,
        no_steps="no_steps" in form,
        no_news="no_news" in form,
    )
    seen = whole_number(form.get("seen_version")) or 0
    return _done(contact_id, lambda uow: contacts.change_wishes(uow, contact_id, wishes, seen_version=seen))


@bp.post("/<int:contact_id>/besoins")
@needs(Permission.CONTACT_EDIT)
def support(contact_id: int) -> ResponseReturnValue:
    said, language = request.form.getlist("needs"), request.form.get("language", "")
    return _done(contact_id, lambda uow: contacts.declare_support(uow, contact_id, said, language=language))


@bp.post("/<int:contact_id>/liens")
@needs(Permission.CONTACT_EDIT)
def relate(contact_id: int) -> ResponseReturnValue:
    """From today on."""
    form, other = request.form, whole_number(request.form.get("other"))

    def do(uow: UnitOfWork) -> None:
        if other is None:
            raise Invalid({"other": "required"})
        require_contact(uow.session, uow.actor, other)
        contacts.relate_contacts(uow, contact_id, other, form.get("kind", ""), _today())

    return _done(contact_id, do)


@bp.post("/<int:contact_id>/liens/<int:relation_id>/fin")
@needs(Permission.CONTACT_EDIT)
def unrelate(contact_id: int, relation_id: int) -> ResponseReturnValue:
    return _done(contact_id, lambda uow: contacts.end_relation(uow, contact_id, relation_id, _today()))


def _done(contact_id: int, do: Callable[[UnitOfWork], object]) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            require_contact(uow.session, uow.actor, contact_id)
            do(uow)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _page(contact_id, wrong=wrong, typed=request.form, status=422)
    except Conflict:
        return _page(contact_id, clash=True, typed=request.form, status=409)
    flash(_("C’est noté."), "ok")
    return redirect(url_for(".edit", contact_id=contact_id), 303)


def _page(contact_id: int, *, status: int = 200, **more: Any) -> ResponseReturnValue:
    with reading() as session:
        require_contact(session, current_user.actor, contact_id)
        card = contacts.contact_card(session, contact_id)
        if card.id != contact_id:
            return redirect(url_for(".edit", contact_id=card.id), 303)
        shown = about(session, card)
        declared = contacts.support_needs(session, contact_id)
    page = render_template(
        "web/contacts/edit.html",
        **{"wrong": {}, "typed": {}, "clash": False, **more},
        **shown,
        card=card,
        declared=declared,
        wrong_point=request.view_args and request.view_args.get("point_id"),
        ways_to_verify=_ways_to_verify(),
        need_options=[{"value": code, "label": label} for code, label in need_labels().items()],
    )
    return page, status


def _ways_to_verify() -> dict[str, list[tuple[str, str]]]:
    paper, call = [(how, wording(how, "verified_how")) for how in _BY_AN_AGENT]
    return {"phone": [call, paper], "email": [paper], "postal": [paper]}


def _today() -> date:
    return wiring().clock.now().astimezone(PARIS).date()
