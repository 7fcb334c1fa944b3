"""A category retired on a day, for another; or back in use."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.catalogue import RETIREMENT, Working, write_category
from crm.foundation import Invalid, UnitOfWork
from crm.http import gettext as _
from crm.http import needs, reading
from crm.http.dates import today
from crm.web.catalogue.blueprint import AT, bp
from crm.web.catalogue.frame import framed, read
from crm.web.catalogue.giving_back import Given, given_back, seen
from crm.web.catalogue.resting import named_by
from crm.web.explaining import category_label, domain_label


@bp.get(f"{AT}/<code>/retrait")
@needs(Permission.CONTENT_EDIT)
def retirement(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
    return _page(one, Given(one.seen))


@bp.post(f"{AT}/<code>/retrait")
@needs(Permission.CONTENT_EDIT)
def retire(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
    back = given_back(one, lambda uow: _write(uow, one), ())
    if back:
        if back.met:
            flash(_("Un collègue vient de changer ce brouillon : vérifiez, puis enregistrez."), "warn")
        return _page(one, back)
    flash(_("Enregistré dans le brouillon. Publiez-le pour que ce soit annoncé."), "ok")
    return redirect(url_for(".publication", thing="categories", code=code), 303)


def _write(uow: UnitOfWork, one: Working) -> None:
    told = _said(back="back" in request.form)
    write_category(uow, {**one.content, **told}, seen=seen(), held=RETIREMENT)


def _said(*, back: bool) -> dict[str, object]:
    """
    Raises:
        Invalid: no day, one that is none, one that is past.
    """
    if back:
        return {"is_active": True, "retired_on": None, "replaced_by": None}
    typed = request.form.get("retired_on", "")
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid({"retired_on": "not_a_date" if typed else "required"}) from None
    if day < today():
        raise Invalid({"retired_on": "past"})
    return {"retired_on": day.isoformat(), "replaced_by": request.form.get("replaced_by") or None}


def _page(one: Working, back: Given) -> ResponseReturnValue:
    heirs = [
        (c.code, f"{domain_label(c.code)} — {category_label(c.code)} ({c.code})")
        for domain in one.known.domains
        for c in one.known.in_domain(domain.code)
        if c.code != one.code and c.retired_on is None
    ]
    with reading() as session:
        return framed(
            session,
            one,
            "retirement",
            "retirement",
            back.status,
            heirs=heirs,
            named=named_by(session, one.code),
            retired_on=request.form.get("retired_on", one.content["retired_on"] or ""),
            replaced_by=request.form.get("replaced_by", one.content["replaced_by"] or ""),
            out_of_use=not one.content["is_active"],
            **back.shown,
        )
