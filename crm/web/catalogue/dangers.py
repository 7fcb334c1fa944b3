"""What rings: its name, its words, the sentence to say aloud, the number to give; or retired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from crm.access import Permission
from crm.catalogue import Working, begin_danger, write_danger
from crm.foundation import Invalid, clean
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work
from crm.web.catalogue.blueprint import DANGERS, bp
from crm.web.catalogue.category_form import danger_said
from crm.web.catalogue.frame import framed, read
from crm.web.catalogue.giving_back import Given, given_back, into_draft, seen
from crm.web.catalogue.saying import field_words, why

_SAID_FIRST = "1"  # what rings is somebody in danger


@bp.get(f"{DANGERS}/nouveau")
@needs(Permission.CONTENT_EDIT)
def new_danger() -> str:
    return _new({"code": "", **danger_said(MultiDict({"raises_to": _SAID_FIRST}), {})}, {})


@bp.post(f"{DANGERS}/nouveau")
@needs(Permission.CONTENT_EDIT)
def begin_new_danger() -> ResponseReturnValue:
    said = danger_said(request.form, {"code": clean(request.form.get("code", "")).upper()})
    try:
        with unit_of_work() as uow:
            code = begin_danger(uow, said)
    except Invalid as refusal:
        return _new(said, {name: why(told) for name, told in refusal.fields.items()}), 422
    flash(_("Brouillon commencé : essayez-le, puis publiez-le. Rien n’alerte d’ici là."), "ok")
    return redirect(url_for(".trial", thing="dangers", code=code), 303)


def _new(given: Mapping[str, Any], wrong: Mapping[str, str]) -> str:
    labels = {"code": _("Sigle"), **field_words()}
    return render_template("web/catalogue/new_danger.html", given=given, wrong=wrong, labels=labels)


@bp.get(f"{DANGERS}/<code>")
@needs(Permission.CONTENT_EDIT)
def danger(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "dangers", code)
    return _page(one, one.content, Given(one.seen))


@bp.post(f"{DANGERS}/<code>")
@needs(Permission.CONTENT_EDIT)
def change_danger(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "dangers", code)
    said = danger_said(request.form, one.content)
    return into_draft(one, said, write_danger, _page, url_for(".trial", thing="dangers", code=code))


@bp.get(f"{DANGERS}/<code>/retrait")
@needs(Permission.CONTENT_EDIT)
def danger_retirement(code: str) -> ResponseReturnValue:
    with reading() as session:
        return _rest(session, read(session, "dangers", code))


@bp.post(f"{DANGERS}/<code>/retrait")
@needs(Permission.CONTENT_EDIT)
def retire_danger(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "dangers", code)
    said = {**one.content, "is_active": "back" in request.form}
    back = given_back(one, lambda uow: write_danger(uow, said, seen=seen()), ())
    if back is None:
        flash(_("Enregistré dans le brouillon. Essayez, puis publiez : rien ne change d’ici là."), "ok")
        return redirect(url_for(".publication", thing="dangers", code=code), 303)
    if back.met:
        flash(_("Un collègue vient de changer ce brouillon : vérifiez, puis enregistrez."), "warn")
    with reading() as session:
        return _rest(session, read(session, "dangers", code), back)


def _rest(session: Session, one: Working, back: Given | None = None) -> ResponseReturnValue:
    """Whether it is listened for, and who carries it."""
    carriers = [c for c in one.known.categories.values() if c.is_active and one.code in c.dangers]
    given = back or Given(one.seen)
    return framed(
        session,
        one,
        "danger_retirement",
        "danger_retirement",
        given.status,
        carriers=carriers,
        rings=one.content["is_active"],
        **given.shown,
    )


def _page(one: Working, given: Mapping[str, Any], beside: Given) -> ResponseReturnValue:
    with reading() as session:
        told = {"given": given, "labels": field_words(), **beside.shown}
        return framed(session, one, "danger", "danger", beside.status, **told)
