"""Organisations: who takes part, where, and how they are reached."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.http import gettext as _
from crm.http import needs, reading, wiring
from crm.staff import (
    ORGANIZATION_KINDS,
    AgentFilter,
    OrganizationTold,
    agents_found,
    one_organization,
    organizations,
    save_organization,
)
from crm.staff import units as all_units
from crm.trail import last_fact
from crm.web.explaining import commune_names
from crm.web.staff.blueprint import AT, bp
from crm.web.staff.giving_back import Given, filled, kept_or_given_back
from crm.web.staff.saying import history, kind_words, operation_words, typed

_BOXES = ("kind", "name", "insee", "siret", "address", "phone", "email")


@bp.get(f"{AT}/organismes")
@needs(Permission.STAFF_MANAGE)
def show_organizations() -> str:
    kind = request.args.get("nature", "")
    with reading() as session:
        found = organizations(session, current_user.actor)
    return render_template(
        "web/staff/organizations.html",
        lines=[one for one in found if kind in ("", one.kind)],
        kinds=kind_words(),
        kind=kind,
        counts={code: sum(one.kind == code for one in found) for code in ORGANIZATION_KINDS},
        total=len(found),
    )


@bp.get(f"{AT}/organismes/nouveau")
@needs(Permission.STAFF_MANAGE)
def new_organization() -> str:
    """`?commune=99001`: the town hall of a commune, its name and kind in the form already."""
    insee = request.args.get("commune", "")
    name = commune_names().get(insee, "")
    blank = dict.fromkeys(_BOXES, "")
    if name:
        blank |= {"kind": "commune", "insee": insee, "name": _("Commune de %(name)s", name=name)}
    return _form(blank=blank)


@bp.post(f"{AT}/organismes/nouveau")
@needs(Permission.STAFF_MANAGE)
def add_organization() -> ResponseReturnValue:
    return _saved(None)


@bp.get(f"{AT}/organismes/<int:organization_id>")
@needs(Permission.STAFF_MANAGE)
def organization(organization_id: int) -> str:
    return _form(organization_id)


@bp.post(f"{AT}/organismes/<int:organization_id>")
@needs(Permission.STAFF_MANAGE)
def change_organization(organization_id: int) -> ResponseReturnValue:
    return _saved(organization_id)


def _saved(organization_id: int | None) -> ResponseReturnValue:
    told = typed(*_BOXES)
    known = OrganizationTold(**told)
    saved = kept_or_given_back(
        told, lambda uow, seen: save_organization(uow, known, organization_id, seen=seen)
    )
    if isinstance(saved, Given):
        return _form(organization_id, saved), saved.status
    flash(_("Organisme enregistré."), "ok")
    return redirect(url_for("staff.organization", organization_id=saved), 303)


def _form(
    organization_id: int | None = None, back: Given | None = None, *, blank: dict[str, str] | None = None
) -> str:
    shown: dict[str, Any] = {"card": None, "units": [], "agents": None, "facts": []}
    there, seen = blank or {}, 0
    if organization_id is not None:
        with reading() as session:
            card = one_organization(session, current_user.actor, organization_id)
            seen = last_fact(session, "organization", organization_id)
            shown = {
                "card": card,
                "units": [one for one in all_units(session) if one.organization_id == organization_id],
                "agents": agents_found(
                    session,
                    current_user.actor,
                    AgentFilter(organization_id=organization_id),
                    wiring().clock.now(),
                ),
                "facts": history(session, "organization", organization_id),
            }
        there = {name: getattr(card, name) or "" for name in _BOXES}
    choices = {"kind": kind_words().items(), "insee": commune_names().items()}
    return render_template(
        "web/staff/organization.html",
        **shown,
        **filled(back, there, seen, choices),
        kinds=kind_words(),
        operations=operation_words(),
        communes=commune_names(),
    )
