"""Keeping a form as it stands, and the page where drafts wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases import spoken
from crm.contacts import display_phone
from crm.http import gettext as _
from crm.http import holds, needs, reading, unit_of_work, wiring
from crm.http.dates import hour
from crm.intake import (
    AlreadySent,
    DraftSheet,
    Kept,
    Overtaken,
    Typed,
    call_back_later,
    draft_count,
    drafts_of,
    keep_draft,
    one_draft,
    throw_away_draft,
)
from crm.web.drafts.blueprint import bp
from crm.web.drafts.typed import number_to_call, says_something, typed_in, who_called, with_contact

_SHOWN = 160  # characters of an object, in the list


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the list."""

    id: int
    reference: str
    object: str
    who: str
    number: str  # that somebody may call back, as it is dialled; "" when there is none, or it is promised
    saved_at: datetime
    interrupted: bool
    promised: bool


@bp.post("/enregistrer")
@needs(Permission.CASE_CREATE)
def keep() -> ResponseReturnValue:
    """What the page sends by itself at each pause."""
    typed = _typed()
    if not says_something(typed):
        return {"said": ""}
    try:
        kept = _keep(typed)
    except AlreadySent:
        return {"sent": True, "said": _("Cette demande est déjà enregistrée.")}, 409
    except Overtaken as ahead:
        return _told_ahead(typed, ahead), 409
    with reading() as session:
        count = draft_count(session, current_user.actor.id)
    said = _("Brouillon enregistré à %(hour)s", hour=hour(kept.saved_at))
    address = url_for("intake.new", brouillon=kept.id)
    return {"version": kept.version, "said": said, "count": count, "address": address}


def _told_ahead(typed: Typed, ahead: Overtaken) -> dict[str, Any]:
    """Another page is ahead: where it is, and what to say."""
    at = hour(_moment(ahead))
    with reading() as session:
        drafts = drafts_of(session, current_user.actor.id)
    other = next((url_for("intake.new", brouillon=d.id) for d in drafts if d.key == typed.key), "")
    told = _("Ouvert dans un autre onglet : une version plus récente y a été enregistrée à %(hour)s.")
    return {"ahead": True, "said": told % {"hour": at}, "address": other}


@bp.post("/garder")
@needs(Permission.CASE_CREATE)
def set_aside() -> ResponseReturnValue:
    """For later: the button, which works without JavaScript."""
    return _put_by(_typed(), _("Brouillon gardé : il vous attend ici."))


@bp.post("/appel-interrompu")
@needs(Permission.CASE_CREATE)
def interrupted() -> ResponseReturnValue:
    """The line dropped: all is kept, and somebody may call back."""
    return _put_by(replace(_typed(), interrupted=True), _("Appel interrompu : tout est gardé."))


def _put_by(typed: Typed, told: str) -> ResponseReturnValue:
    if not says_something(typed):
        flash(_("Rien n’était encore écrit : il n’y a rien à garder."), "info")
        return redirect(url_for("drafts.show"), 303)
    try:
        _keep(typed)
    except AlreadySent:
        return redirect(url_for("intake.registered", reference=typed.key), 303)
    except Overtaken as ahead:
        fields = [(name, value) for name, values in typed.fields.items() for value in values]
        return render_template(
            "web/drafts/overtaken.html",
            said=_told_ahead(typed, ahead),
            fields=[*fields, ("draft", request.form["draft"]), ("draft_anyway", "1")],
            again=request.path,
        ), 409
    flash(told, "ok")
    return redirect(url_for("drafts.show"), 303)


def _typed() -> Typed:
    read = typed_in(request.form)
    if read is None:
        abort(400)
    return read[0]


def _keep(typed: Typed) -> Kept:
    with reading() as session:
        whole = with_contact(session, typed)
    with unit_of_work() as uow:
        return keep_draft(uow, whole)


def _moment(ahead: Overtaken) -> datetime:
    moment = ahead.details["saved_at"]
    assert isinstance(moment, datetime)
    return moment


@bp.get("")
@needs(Permission.CASE_CREATE)
def show() -> str:
    with reading() as session:
        drafts = drafts_of(session, current_user.actor.id)
        lines = [_line(session, draft) for draft in drafts]
    days = wiring().settings.retention.drafts_days
    return render_template("web/drafts/list.html", drafts=lines, days=days)


def _line(session: Session, draft: DraftSheet) -> DraftLine:
    may_call = holds(current_user.actor.roles, frozenset({Permission.CALLBACK_DO}))
    offered = draft.interrupted and draft.callback_id is None and may_call
    number = number_to_call(session, draft) if offered else ""
    return DraftLine(
        id=draft.id,
        reference=spoken(draft.key),
        object=draft.field("object").strip()[:_SHOWN],
        who=who_called(draft),
        number=display_phone(number) if number else "",
        saved_at=draft.saved_at,
        interrupted=draft.interrupted,
        promised=draft.callback_id is not None,
    )


@bp.get("/<int:draft_id>/jeter")
@needs(Permission.CASE_CREATE)
def ask_before_throwing(draft_id: int) -> str:
    with reading() as session:
        line = _line(session, one_draft(session, current_user.actor.id, draft_id))
    return render_template("web/drafts/throw.html", draft=line)


@bp.post("/<int:draft_id>/jeter")
@needs(Permission.CASE_CREATE)
def throw_away(draft_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        throw_away_draft(uow, draft_id)
    flash(_("Brouillon jeté."), "ok")
    return redirect(url_for("drafts.show"), 303)


@bp.post("/<int:draft_id>/rappel")
@needs(Permission.CALLBACK_DO)
def call_back(draft_id: int) -> ResponseReturnValue:
    """A call to make, beside those of every day; without a number there is nobody to call."""
    with reading() as session:
        draft = one_draft(session, current_user.actor.id, draft_id)
        number = number_to_call(session, draft)
    if not number:
        flash(_("Aucun numéro n’est connu : le brouillon vous attend."), "warn")
        return redirect(url_for("drafts.show"), 303)
    with unit_of_work() as uow:
        call_back_later(uow, draft_id, number, _words_for_caller(draft))
    flash(_("Rappel ajouté à la liste des rappels à faire."), "ok")
    return redirect(url_for("drafts.show"), 303)


def _words_for_caller(draft: DraftSheet) -> str:
    who = who_called(draft)
    number = spoken(draft.key)
    words = [_("L’appel a été interrompu pendant la saisie de la demande %(reference)s.", reference=number)]
    if who:
        words.append(_("Usager : %(name)s.", name=who))
    if said := draft.field("object").strip():
        words.append(_("Déjà dit : « %(object)s »", object=said[:_SHOWN]))
    return "\n".join(words)
