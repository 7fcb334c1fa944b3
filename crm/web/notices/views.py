"""The bell, the list behind it, and how each agent likes to be told."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import language, needs, reading, reasons, unit_of_work, whole_number
from crm.promises import (
    KINDS_TO_MUTE,
    MAIL_RHYTHMS,
    choices_of,
    choose_notices,
    mark_read,
    notice_in,
    notices_page,
    take_urgent,
    unread_count,
)
from crm.web.explaining import category_labels, unit_name
from crm.web.notices.blueprint import bp

_A_PAGE = 50


@bp.get("/notifications")
@needs(Permission.SELF_EDIT)
def show() -> str:
    unread = request.args.get("etat") == "non-lues"
    before = whole_number(request.args.get("avant"))
    with reading() as session:
        lines = notices_page(
            session, current_user.actor, before=before, unread_only=unread, limit=_A_PAGE + 1
        )
    return render_template(
        "web/notices/list.html",
        lines=lines[:_A_PAGE],
        older=lines[_A_PAGE - 1].id if len(lines) > _A_PAGE else None,
        unread=unread,
        told=lambda kind: notice_in(language(), kind),
        label=category_labels(),
        unit=unit_name,
    )


@bp.get("/notifications/cloche")
@needs(Permission.SELF_EDIT)
def bell() -> str:
    """The bell alone, counted again: asked for when the stream says that something came."""
    with reading() as session:
        return render_template("web/notices/_bell.html", unread=unread_count(session, current_user.actor))


@bp.post("/notifications/lues")
@needs(Permission.SELF_EDIT)
def read() -> ResponseReturnValue:
    """The one named, and its demand opens; or all of them."""
    one = whole_number(request.form.get("notice"))
    with unit_of_work() as uow:
        mark_read(uow, None if one is None else [one])
    return redirect(url_for("notices.show"), 303)


@bp.post("/demandes/<reference:reference>/urgence")
@needs(Permission.CASE_VIEW)
def take(reference: str) -> ResponseReturnValue:
    """« Pris en charge »: nobody else is called for this emergency."""
    try:
        with unit_of_work() as uow:
            take_urgent(uow, reference)
    except Conflict:
        flash(_("Un collègue l’a déjà prise en charge."), "info")
    else:
        flash(_("Prise en charge notée : personne d’autre ne sera appelé."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


@bp.get("/notifications/preferences")
@needs(Permission.SELF_EDIT)
def preferences() -> str:
    return _preferences()


@bp.post("/notifications/preferences")
@needs(Permission.SELF_EDIT)
def choose() -> ResponseReturnValue:
    hours = [whole_number(request.form.get(name)) for name in ("quiet_from", "quiet_until")]
    try:
        with unit_of_work() as uow:
            choose_notices(
                uow,
                mail=request.form.get("mail", ""),
                wanted=frozenset(request.form.getlist("wanted")),
                quiet_from=-1 if hours[0] is None else hours[0],
                quiet_until=-1 if hours[1] is None else hours[1],
            )
    except Invalid as refusal:
        return _preferences(reasons(refusal)), 422
    flash(_("Préférences de notification enregistrées."), "ok")
    return redirect(url_for("notices.preferences"), 303)


def _preferences(wrong: dict[str, str] | None = None) -> str:
    me = current_user.card.id
    with reading() as session:
        chosen = choices_of(session, {me})[me]
    return render_template(
        "web/notices/preferences.html",
        chosen=chosen,
        wrong=wrong or {},
        kinds=[(kind, notice_in(language(), kind)) for kind in KINDS_TO_MUTE],
        rhythms=[
            {"value": code, "label": words} for code, words in _rhythms().items() if code in MAIL_RHYTHMS
        ],
    )


def _rhythms() -> dict[str, str]:
    return {
        "weekly": _("Un courriel par semaine, le lundi"),
        "daily": _("Un courriel par jour, le matin"),
        "at_once": _("Un courriel à chaque fois"),
        "never": _("Aucun courriel : dans la console seulement"),
    }
