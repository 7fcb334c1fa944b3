"""Who follows a case and how each is told; the incident that so many make; two demands that are one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm import contacts
from crm.access import Permission, allows, require
from crm.cases import (
    CaseSheet,
    Follower,
    IncidentCard,
    Merging,
    Mistyped,
    Place,
    case_references,
    declare_incident,
    duplicates_of,
    end_incident,
    follower_by_id,
    followers,
    incident_of,
    merge_case,
    nearby,
    one_case,
    parse_reference,
    propose_incident,
    sought,
    unfollow_case,
    unmerge_case,
)
from crm.foundation import Conflict, Invalid, NotFound, UnitOfWork
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, reasons, unit_of_work, whole_number, wiring
from crm.interactions import Exchange, last_told
from crm.staff import agent_names
from crm.web.cases.blueprint import bp
from crm.web.explaining import category_label
from crm.web.intake.nearby import Shown, shown_of

_HOURS = (2, 4, 12, 24, 72)


@dataclass(frozen=True, slots=True)
class Person:
    """One of those who follow. `name` is empty when none was left, half hidden where details are masked."""

    follower: Follower
    name: str
    told: Exchange | None


@bp.get("/<reference:reference>/personnes")
@needs(Permission.CASE_VIEW)
def people(reference: str) -> str:
    return _people(reference)


@bp.post("/<reference:reference>/personnes/<int:watcher_id>/retrait")
@needs(Permission.CASE_FOLLOW)
def leave(reference: str, watcher_id: int) -> ResponseReturnValue:
    """They asked us, by telephone or at the desk, not to be told any more."""
    with unit_of_work() as uow:
        follower = follower_by_id(uow.session, watcher_id)
        if follower.case_id != one_case(uow.session, current_user.actor, reference).id:
            raise NotFound(watcher=watcher_id)
        unfollow_case(uow, follower.token)
    flash(_("C’est noté : cette personne n’est plus prévenue."), "ok")
    return redirect(url_for(".people", reference=reference), 303)


@bp.post("/<reference:reference>/incident")
@needs(Permission.INCIDENT_DECLARE)
def declare(reference: str) -> ResponseReturnValue:
    hours = whole_number(request.form.get("hours")) or 0
    said, until = request.form.get("announcement", ""), wiring().clock.now() + timedelta(hours=hours)
    try:
        with unit_of_work() as uow:
            declare_incident(uow, reference, announcement=said, valid_until=until)
    except Invalid as refusal:
        names = {"valid_until": "hours"}
        wrong = reasons(refusal, names)
        return _people(reference, wrong=wrong, typed=request.form), 422
    flash(_("Incident déclaré : les agents voient ce qu’il faut dire."), "ok")
    return redirect(url_for(".people", reference=reference), 303)


@bp.post("/<reference:reference>/incident/proposition")
@needs(Permission.CASE_NOTE)
def propose(reference: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            propose_incident(uow, reference, request.form.get("proposal", ""))
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _people(reference, wrong=wrong, typed=request.form), 422
    flash(_("Incident proposé : un responsable le lira et décidera."), "ok")
    return redirect(url_for(".people", reference=reference, _anchor="incident"), 303)


@bp.post("/<reference:reference>/incident/fin")
@needs(Permission.INCIDENT_DECLARE)
def end(reference: str) -> ResponseReturnValue:
    """One that is declared ends on its own page, where it is told to everybody or to nobody."""
    with reading() as session:
        found = incident_of(session, one_case(session, current_user.actor, reference).id)
    if found is not None and found.declared_at is not None:
        return redirect(url_for("incidents.one", incident_id=found.id, _anchor="fin"), 303)
    with unit_of_work() as uow:
        end_incident(uow, reference)
    flash(_("Incident terminé."), "ok")
    return redirect(url_for(".people", reference=reference), 303)


def _people(reference: str, **more: Any) -> str:
    actor = current_user.actor
    with reading() as session:
        case = one_case(session, actor, reference)
        incident = incident_of(session, case.id)
        shown = {
            "people": _persons(session, case),
            "joined": duplicates_of(session, actor, case.id),
            "incident": incident,
            "proposed_by": _proposed_by(session, incident),
        }
    return render_template(
        "web/cases/people.html",
        **{"wrong": {}, "typed": {}, **shown, **more},
        case=case,
        category_label=category_label(case.category_code),
        may_follow=allows(actor, Permission.CASE_FOLLOW, case),
        may_propose=allows(actor, Permission.CASE_NOTE, case),
        may_declare=allows(actor, Permission.INCIDENT_DECLARE, case),
        hours=[(n, ngettext("%(num)d heure", "%(num)d heures", n)) for n in _HOURS],
        now=wiring().clock.now(),
    )


def _proposed_by(session: Session, incident: IncidentCard | None) -> str:
    if incident is None or incident.proposed_by_id is None:
        return ""
    return agent_names(session, {incident.proposed_by_id}).get(incident.proposed_by_id, "")


def _persons(session: Session, case: CaseSheet) -> list[Person]:
    found = followers(session, case.id)
    cards = contacts.contact_cards(session, [one.contact_id for one in found if one.contact_id is not None])
    told = last_told(session, [one.id for one in found])
    if not allows(current_user.actor, Permission.CONTACT_VIEW, case):
        cards = {id_: contacts.masked(card) for id_, card in cards.items()}
    return [
        Person(one, cards[one.contact_id].display_name if one.contact_id in cards else "", told.get(one.id))
        for one in found
    ]


@bp.get("/<reference:reference>/rattachement")
@needs(Permission.CASE_MERGE)
def compare(reference: str) -> ResponseReturnValue:
    """Side by side, once the other one is known: nobody merges without having looked."""
    typed = request.args.get("avec", "").strip()
    if not typed:
        return _compare(reference)
    try:
        return _compare(reference, other=parse_reference(typed))
    except (Mistyped, NotFound):
        told = _("Aucune demande que vous puissiez voir ne porte cette référence.")
        return _compare(reference, typed=typed, wrong={"avec": told}), 422


@bp.post("/<reference:reference>/rattachement")
@needs(Permission.CASE_MERGE)
def merge(reference: str) -> ResponseReturnValue:
    try:
        original = parse_reference(request.form.get("original", ""))
    except Mistyped:
        told = _("Aucune demande que vous puissiez voir ne porte cette référence.")
        return _compare(reference, wrong={"avec": told}), 422
    merging = Merging(original=original, checked="checked" in request.form)
    return _merging(
        reference,
        original,
        lambda uow, seen: merge_case(uow, reference, merging=merging, seen_version=seen),
        _("Demande rattachée à la demande %(original)s. L’usager est prévenu.", original=original),
    )


@bp.post("/<reference:reference>/detachement")
@needs(Permission.CASE_MERGE)
def unmerge(reference: str) -> ResponseReturnValue:
    return _merging(
        reference,
        "",
        lambda uow, seen: unmerge_case(uow, reference, seen_version=seen),
        _("Demande détachée : son service la reprend, avec ses dates."),
    )


def _merging(
    reference: str, other: str, act: Callable[[UnitOfWork, int], object], told: str
) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            act(uow, whole_number(request.form.get("seen_version")) or 0)
    except Invalid as refusal:
        names = {"original": "avec"}
        wrong = reasons(refusal, names)
        return _compare(reference, other=other, wrong=wrong), 422
    except Conflict:
        return _compare(reference, other=other, clash=True), 409
    flash(told, "ok")
    return redirect(url_for(".show", reference=reference), 303)


def _compare(reference: str, *, other: str = "", **more: Any) -> str:
    actor = current_user.actor
    with reading() as session:
        case = one_case(session, actor, reference)
        require(actor, Permission.CASE_MERGE, case)
        against = one_case(session, actor, other) if other else None
        joined_to = case_references(session, [case.duplicate_of_id], actor) if case.duplicate_of_id else {}
        proposed = [] if joined_to else _proposed(session, case)
    return render_template(
        "web/cases/merge.html",
        **{"wrong": {}, "typed": other, "clash": False, **more},
        case=case,
        other=against,
        proposed=proposed,
        joined_to=next(iter(joined_to.values()), ""),
        labels={one.id: category_label(one.category_code) for one in (case, against) if one},
    )


def _proposed(session: Session, case: CaseSheet) -> list[Shown]:
    catalogue, _index = wiring().rulebooks.categories()
    place = Place(
        precision=case.place_precision,
        insee=case.insee,
        street_id=case.street_id,
        address_id=case.address_id,
        lon=case.lon,
        lat=case.lat,
    )
    wanted = sought(catalogue, case.category_code, case.object, place, but=case.id)
    if wanted is None:
        return []
    near = nearby(session, catalogue, current_user.actor, wanted, wiring().clock.now())
    return [shown_of(one, wanted) for one in near]
