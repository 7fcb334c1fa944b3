"""The list of incidents, and one: its script, how many came by which channel, its end told to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, allows, require
from crm.cases import end_incident, one_case, steps_from
from crm.cases.together.counting import IncidentLine, contacts_by_channel, incidents, one_incident
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, wiring, wording
from crm.staff import agent_names
from crm.web.explaining import category_labels, commune_names
from crm.web.incidents.blueprint import bp
from crm.web.incidents.ending import first_would_read, how_it_ended, others_would_read


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an incident is, in a word and its colour."""

    word: str
    tone: str


def _standing(one: IncidentLine) -> Standing:
    if one.ended_at is not None:
        return Standing(_("Terminé"), "plain")
    if one.declared_at is not None:
        holds = one.holds(wiring().clock.now())
        return Standing(_("Déclaré"), "warn") if holds else Standing(_("Échu"), "plain")
    return Standing(_("Proposé") if one.proposal else _("Possible"), "danger")


@bp.get("")
@needs(Permission.CASE_VIEW)
def show() -> str:
    with reading() as session:
        found = incidents(session, current_user.actor, wiring().clock.now())
    going_on = [one for one in found if one.ended_at is None]
    return render_template(
        "web/incidents/list.html",
        rows=[(one, _standing(one)) for one in found],
        how_many=len(going_on),
        contacts=sum(one.contacts for one in going_on),
        label=category_labels(),
        communes=commune_names(),
    )


@bp.get("/<int:incident_id>")
@needs(Permission.CASE_VIEW)
def one(incident_id: int) -> str:
    return _page(incident_id)


@bp.post("/<int:incident_id>/fin")
@needs(Permission.INCIDENT_DECLARE)
def end(incident_id: int) -> ResponseReturnValue:
    """It is over or never was one, and the demand goes on. What is written goes to everybody attached; to end
    what agents were saying without a word is asked once more.
    """
    told = request.form.get("told", "")
    with reading() as session:
        found = one_incident(session, current_user.actor, incident_id)
    reference = found.reference
    if found.declared_at and not told.strip() and "silent" not in request.form:
        return _page(incident_id, asks=True), 422
    try:
        with unit_of_work() as uow:
            end_incident(uow, reference, told=told)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _page(incident_id, told=told, wrong=wrong), 422
    is_told = bool(told.strip())
    flash(_("Incident terminé : chacun est prévenu.") if is_told else _("Incident terminé."), "ok")
    return redirect(url_for(".one", incident_id=incident_id), 303)


@bp.post("/<int:incident_id>/apercu")
@needs(Permission.INCIDENT_DECLARE)
def preview(incident_id: int) -> str:
    """What everybody attached would read, channel by channel. Nothing leaves."""
    told = request.form.get("told", "")
    with reading() as session:
        found = one_incident(session, current_user.actor, incident_id)
        case = one_case(session, current_user.actor, found.reference)
        require(current_user.actor, Permission.INCIDENT_DECLARE, case)
        first, others = first_would_read(session, case, told), others_would_read(session, case, told)
    return _page(incident_id, told=told, first=first, telling=others)


def _page(incident_id: int, **more: Any) -> str:
    actor = current_user.actor
    with reading() as session:
        found = one_incident(session, actor, incident_id)
        case = one_case(session, actor, found.reference)
        channels = contacts_by_channel(session, found.case_id)
        over = how_it_ended(session, found) if found.ended_at else None
        named = (found.declared_by_id, over.by_id if over else None)
        names = agent_names(session, {id_ for id_ in named if id_})
    return render_template(
        "web/incidents/one.html",
        **{"told": "", "wrong": {}, "asks": False, "first": None, "telling": None, **more},
        over=over,
        ended_by=names.get(over.by_id or 0, "") if over else "",
        incident=found,
        standing=_standing(found),
        channels=[(wording(code, "channel"), many) for code, many in channels.items()],
        declared_by=names.get(found.declared_by_id or 0, ""),
        label=category_labels()(found.category_code),
        commune=commune_names().get(found.insee or "", ""),
        unit=wiring().rulebooks.units().get(found.unit_id or 0),
        may_declare=allows(actor, Permission.INCIDENT_DECLARE, case),
        may_answer=any(step.verb == "close" for step in steps_from(case.state))
        and allows(actor, Permission.CASE_CLOSE, case),
    )
