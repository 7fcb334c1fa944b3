"""« Besoin d'aide maintenant »: asked without leaving the form, seen at once by whoever may come."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Conflict, NotFound
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, wiring
from crm.http.consoles import tell_console
from crm.intake import (
    AlreadySent,
    Overtaken,
    answer_help,
    ask_help,
    draft_shown,
    end_help,
    help_waiting,
    keep_draft,
    one_help,
    take_over,
    who_may_come,
)
from crm.staff import agent_names
from crm.web.drafts.typed import says_something, typed_in, with_contact
from crm.web.explaining import category_label
from crm.web.together.blueprint import bp

# Boxes of the form that a colleague reads, in their order.
_READ = ("object", "place_text", "hint", "contact_text", "first_name", "family_name", "phone", "email")


@bp.post("/aide-maintenant")
@needs(Permission.CASE_CREATE)
def ask_now() -> ResponseReturnValue:
    """The form is kept first, so that whoever comes reads it; with htmx the page stays as it is."""
    key = _kept()
    with unit_of_work() as uow:
        help_id = ask_help(uow, key)
    _tell_everybody(help_id)
    if "HX-Request" in request.headers:
        return _strip(help_id)
    flash(_("Vos collègues sont prévenus."), "ok")
    return redirect(url_for(".help_page", help_id=help_id), 303)


def _kept() -> str:
    """The number reserved for the form, once it holds something that may be read."""
    read = typed_in(request.form)
    if read is None:
        return ""
    typed = read[0]
    if says_something(typed):
        with reading() as session:
            whole = with_contact(session, typed)
        try:
            with unit_of_work() as uow:
                keep_draft(uow, whole)
        except (AlreadySent, Overtaken):
            pass  # what is kept is at least as good
    return typed.key


@bp.get("/aide-maintenant/<int:help_id>")
@needs(Permission.CASE_CREATE)
def help_page(help_id: int) -> str:
    """The call and the form as it stands, read only; nothing of it can be typed here."""
    with reading() as session:
        card = one_help(session, current_user.actor, help_id)
        draft = draft_shown(session, card) if card.ended_at is None else None
        names = agent_names(session, {card.agent_id, card.answered_by_id or 0})
    said = {name: draft.field(name) for name in _READ} if draft else {}
    return render_template(
        "web/together/help.html",
        help=card,
        who=names.get(card.agent_id, ""),
        comes=names.get(card.answered_by_id or 0, ""),
        me=current_user.actor.id,
        draft=draft,
        said=said,
        category=category_label(draft.field("category") or draft.field("any_category") or None)
        if draft
        else "",
    )


@bp.get("/aide-maintenant/<int:help_id>/bandeau")
@needs(Permission.CASE_CREATE)
def help_strip(help_id: int) -> str:
    """What an open console shows of it; 404 when it is nothing to this agent."""
    with reading() as session:
        waiting = help_waiting(session, current_user.actor, wiring().clock.now())
    if help_id not in {card.id for card in waiting}:
        raise NotFound(help=help_id)
    return _strip(help_id)


@bp.post("/aide-maintenant/<int:help_id>/jarrive")
@needs(Permission.CASE_CREATE)
def help_comes(help_id: int) -> ResponseReturnValue:
    """Whoever asked sees who comes; the others are left in peace."""
    try:
        with unit_of_work() as uow:
            answer_help(uow, help_id)
    except Conflict:
        flash(_("Un collègue y est déjà, ou c’est terminé."), "warn")
        return redirect(url_for(".for_me"), 303)
    _tell_everybody(help_id)
    return redirect(url_for(".help_page", help_id=help_id), 303)


@bp.post("/aide-maintenant/<int:help_id>/relais")
@needs(Permission.CASE_CREATE)
def help_relay(help_id: int) -> ResponseReturnValue:
    """The form becomes mine, as it stands."""
    try:
        with unit_of_work() as uow:
            draft_id = take_over(uow, help_id)
    except (Conflict, NotFound):
        flash(_("Il n’y a rien à reprendre : un collègue est venu, ou la demande est enregistrée."), "warn")
        return redirect(url_for(".for_me"), 303)
    _tell_everybody(help_id)
    return redirect(url_for("intake.new", brouillon=draft_id), 303)


@bp.post("/aide-maintenant/<int:help_id>/fin")
@needs(Permission.CASE_CREATE)
def help_over(help_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        end_help(uow, help_id)
    _tell_everybody(help_id)
    if "HX-Request" in request.headers:
        return ""
    flash(_("Appel à l’aide terminé."), "ok")
    return redirect(url_for(".for_me"), 303)


def _tell_everybody(help_id: int) -> None:
    """Each open console of whoever may come asks again what it should show."""
    with reading() as session:
        for agent_id in who_may_come(session):
            tell_console(wiring().redis, agent_id, {"help": help_id})


def _strip(help_id: int) -> str:
    with reading() as session:
        card = one_help(session, current_user.actor, help_id)
        names = agent_names(session, {card.agent_id, card.answered_by_id or 0})
    return render_template(
        "web/together/_help.html",
        help=card,
        who=names.get(card.agent_id, ""),
        comes=names.get(card.answered_by_id or 0, ""),
        mine=card.agent_id == current_user.actor.id,
    )
