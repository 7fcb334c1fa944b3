"""Versions and drafts: a draft begun, brought up to date, dropped; a version to come taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, allows
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, unit_of_work, wiring
from crm.routing import (
    drop_draft,
    in_force,
    orphans,
    refresh_draft,
    start_draft,
    versions,
    withdraw_version,
)
from crm.staff import agent_names
from crm.web.competence.blueprint import AT, bp


@bp.get(AT)
@needs(Permission.ROUTING_VIEW)
def show() -> str:
    now = wiring().clock.now()
    with reading() as session:
        cards = versions(session, current_user.actor)
        lost = orphans(session, current_user.actor, now)
        names = agent_names(
            session, {who for card in cards for who in (card.created_by, card.published_by) if who}
        )
    return render_template(
        "web/competence/versions.html",
        drafts=[card for card in cards if card.is_draft],
        published=[card for card in cards if not card.is_draft],
        in_force=in_force(cards, now),
        orphans=lost,
        names=names,
        now=now,
        may_edit=allows(current_user.actor, Permission.ROUTING_EDIT),
    )


@bp.post(f"{AT}/brouillons")
@needs(Permission.ROUTING_EDIT)
def start() -> ResponseReturnValue:
    with unit_of_work() as uow:
        draft_id = start_draft(uow)
    flash(_("Brouillon commencé : rien n’est en vigueur tant qu’il n’est pas publié."), "ok")
    return redirect(url_for("competence.table", table_id=draft_id), 303)


@bp.post(f"{AT}/<int:table_id>/reprise")
@needs(Permission.ROUTING_EDIT)
def refresh(table_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        done = refresh_draft(uow, table_id)
    if done.clashes:
        told = ngettext(
            "Une règle avait changé des deux côtés : la vôtre est gardée, relisez-la (règle %(rules)s).",
            "%(num)d règles avaient changé des deux côtés : les vôtres sont gardées, relisez-les "
            "(règles %(rules)s).",
            len(done.clashes),
            rules=", ".join(map(str, done.clashes)),
        )
        flash(told, "warn")
    else:
        flash(_("Vos changements sont repris sur la dernière version publiée."), "ok")
    return redirect(url_for("competence.changes", table_id=table_id), 303)


@bp.post(f"{AT}/<int:table_id>/abandon")
@needs(Permission.ROUTING_EDIT)
def drop(table_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        drop_draft(uow, table_id)
    flash(_("Brouillon abandonné."), "ok")
    return redirect(url_for("competence.show"), 303)


@bp.post(f"{AT}/<int:table_id>/retrait")
@needs(Permission.ROUTING_EDIT)
def withdraw(table_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        withdraw_version(uow, table_id)
    flash(_("Cette version ne prendra pas effet : elle est de nouveau un brouillon."), "ok")
    return redirect(url_for("competence.table", table_id=table_id), 303)
