"""A draft published with its reason, or left; every version before, which may be taken back."""

from __future__ import annotations

from itertools import zip_longest

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.catalogue import (
    CATEGORY,
    DANGER,
    Working,
    publish_category,
    publish_danger,
    publish_outcome,
    take_back,
)
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, wiring
from crm.revisions import drop_draft, history_of
from crm.staff import agent_names
from crm.web.catalogue.blueprint import ANY, bp
from crm.web.catalogue.frame import SUBJECTS, framed, read
from crm.web.catalogue.giving_back import seen
from crm.web.catalogue.resting import bearing_on, named_by
from crm.web.catalogue.saying import changes, why
from crm.web.catalogue.trying import tried_before


@bp.get(f"{ANY}/publication")
@needs(Permission.CONTENT_EDIT)
def publication(thing: str, code: str) -> ResponseReturnValue:
    return _page(thing, code)


@bp.post(f"{ANY}/publication")
@needs(Permission.CONTENT_EDIT)
def publish(thing: str, code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, thing, code)
    try:
        _publish(one)
    except Invalid as refusal:
        return _page(thing, code, {name: why(told) for name, told in refusal.fields.items()}, status=422)
    except Conflict:
        flash(_("Un collègue vient de changer ce brouillon : relisez-le, puis publiez."), "warn")
        return _page(thing, code, status=409)
    wiring().rulebooks.forget_categories()
    flash(_("Publié. Tous les postes suivent dans les dix secondes."), "ok")
    return redirect(url_for(".history", thing=thing, code=code), 303)


def _publish(one: Working) -> None:
    note = request.form.get("note", "")
    with unit_of_work() as uow:
        if one.subject == CATEGORY:
            bearing = bearing_on(uow.session, one)
            publish_category(uow, one.code, note=note, seen=seen(), bearing=bearing)
        else:
            publish = publish_danger if one.subject == DANGER else publish_outcome
            publish(uow, one.code, note=note, seen=seen())


def _page(
    thing: str, code: str, wrong: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, thing, code)
        retires = one.subject == CATEGORY and one.content["retired_on"]
        return framed(
            session,
            one,
            "publication",
            "publication",
            status,
            changes=changes(one.in_force or {}, one.content) if one.draft else [],
            named=named_by(session, code) if retires else None,
            wrong=wrong or {},
            **tried_before(session, one),
            note=request.form.get("note", one.draft.note if one.draft else ""),
        )


@bp.post(f"{ANY}/abandon")
@needs(Permission.CONTENT_EDIT)
def drop(thing: str, code: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            drop_draft(uow, SUBJECTS[thing], code, seen=seen())
    except Conflict:
        flash(_("Un collègue vient de changer ce brouillon : relisez-le avant de l’abandonner."), "warn")
        return redirect(url_for(".publication", thing=thing, code=code), 303)
    flash(_("Brouillon abandonné : ce qui est en vigueur reste."), "ok")
    return redirect(url_for(f".{thing}"), 303)


@bp.get(f"{ANY}/historique")
@needs(Permission.CONTENT_EDIT)
def history(thing: str, code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, thing, code)
        versions = history_of(session, SUBJECTS[thing], code)
        names = agent_names(session, {card.written_by for card in versions if card.written_by})
        rows = [
            (card, names.get(card.written_by or 0, ""), changes(old.content, card.content) if old else [])
            for card, old in zip_longest(versions, versions[1:])
        ]
        return framed(session, one, "history", "history", rows=rows)


@bp.post(f"{ANY}/historique/<int:version>")
@needs(Permission.CONTENT_EDIT)
def take_back_version(thing: str, code: str, version: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            take_back(uow, SUBJECTS[thing], code, version, seen=seen())
    except Conflict:
        flash(
            _("Un brouillon vient d’être commencé par un collègue : publiez-le ou abandonnez-le d’abord."),
            "warn",
        )
        return redirect(url_for(".history", thing=thing, code=code), 303)
    flash(_("La version %(version)s est reprise en brouillon.", version=version), "ok")
    return redirect(url_for(".publication", thing=thing, code=code), 303)
