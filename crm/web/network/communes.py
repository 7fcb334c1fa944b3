"""Every commune and how far it is; one commune, step by step, each with the screen where it is taken."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, unit_of_work, wiring
from crm.http.dates import today
from crm.network import (
    COMPULSORY,
    MANUAL,
    STEPS,
    JoiningLine,
    StepLine,
    decide_go_live,
    joining_of,
    joinings,
    say_done,
    site_number,
    take_back,
    unsay_done,
    what_holds,
)
from crm.routing import VersionCard, current_table, in_force, versions
from crm.staff import agent_names
from crm.web.network.blueprint import bp
from crm.web.staff.saying import history, step_words, typed, wrong_words


@bp.get("")
@needs(Permission.STAFF_MANAGE)
def show() -> str:
    now = wiring().clock.now()
    with reading() as session:
        lines = joinings(session, current_user.actor, current_table(session, now), _categories(), now)
    states = [line.state(today()) for line in lines]
    return render_template(
        "web/network/communes.html",
        lines=lines,
        total=len(STEPS),
        words=step_words(),
        states=state_words(),
        today=today(),
        counts={code: states.count(code) for code in state_words()},
    )


@bp.get("/<insee>")
@needs(Permission.STAFF_MANAGE)
def commune(insee: str) -> str:
    return _page(insee)


@bp.post("/<insee>/etapes/<step>")
@needs(Permission.STAFF_MANAGE)
def say(insee: str, step: str) -> ResponseReturnValue:
    """« Fait » or, said by mistake, « À refaire »."""
    with unit_of_work() as uow:
        if "undo" in request.form:
            unsay_done(uow, insee, step)
        else:
            say_done(uow, insee, step)
    return redirect(url_for("network.commune", insee=insee, _anchor=step), 303)


@bp.post("/<insee>/ouverture")
@needs(Permission.STAFF_MANAGE)
def go_live(insee: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            day = None if "undo" in request.form else _day(request.form.get("live_on", ""))
            decide_go_live(uow, insee, day, request.form.get("note", ""))
    except Invalid as refusal:
        return _page(insee, wrong_words(refusal)), 422
    flash(_("Ouverture décidée.") if day else _("Décision annulée : la commune se prépare."), "ok")
    return redirect(url_for("network.commune", insee=insee), 303)


@bp.post("/<insee>/retrait")
@needs(Permission.TERRITORY_LOAD)
def undo_adding(insee: str) -> ResponseReturnValue:
    """Added by mistake: it goes, with a note."""
    try:
        with unit_of_work() as uow:
            take_back(uow, insee, request.form.get("taking_back", ""))
    except Invalid as refusal:
        return _page(insee, wrong_words(refusal)), 422
    flash(_("La commune est retirée : il n’en reste que la note, au journal."), "ok")
    return redirect(url_for("network.show"), 303)


def _day(given: str) -> date:
    """Raises Invalid."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Invalid({"live_on": "not_a_date"}) from None


def _page(insee: str, wrong: dict[str, str] | None = None) -> str:
    now = wiring().clock.now()
    with reading() as session:
        table = current_table(session, now)
        line = joining_of(session, current_user.actor, insee, table, _categories(), now)
        names = agent_names(session, {step.said_by for step in line.steps if step.said_by})
        decides = in_force(versions(session, current_user.actor), now)
        facts = history(session, "commune", site_number(line.insee))
        state = line.state(today())
        held = what_holds(session, insee) if state == "preparing" else ["open"]
    return render_template(
        "web/network/commune.html",
        line=line,
        state=state_words()[state],
        unseen=state in ("preparing", "decided"),
        is_live=state == "live",
        kept_by=[_held_words()[what] for what in held if what != "open"],
        may_go="open" not in held,
        compulsory=COMPULSORY,
        rows=[_row(line, step, decides) for step in line.steps],
        names=names,
        manual=MANUAL,
        facts=facts,
        given=typed("live_on", "note", "taking_back")
        if wrong
        else {"live_on": line.live_on or "", "note": line.note, "taking_back": ""},
        wrong=wrong or {},
    )


def _row(line: JoiningLine, step: StepLine, decides: VersionCard | None) -> dict[str, Any]:
    href, label = _where(line, step.code)
    if step.code == "rules" and decides is not None:
        href, label = url_for("competence.mend", table_id=decides.id), _("Ce que les règles laissent de côté")
    return {"step": step, "label": step_words()[step.code], "said": _said(step), "href": href, "go": label}


def _said(step: StepLine) -> str:
    """What the facts say of a step."""
    counted = step.counted
    if step.code == "ground":
        streets = counted["streets"]
        return ngettext("Une voie.", "%(num)d voies.", streets) if streets else _("Aucune voie chargée.")
    if step.code == "invited":
        agents = counted["agents"]
        return ngettext("Un agent.", "%(num)d agents.", agents) if agents else _("Personne encore.")
    if step.code == "logged_in":
        return _("%(came)s sur %(agents)s.", came=counted["came"], agents=counted["agents"])
    if step.code == "rules" and counted["categories"]:
        return ngettext(
            "Une catégorie sans service compétent ici.",
            "%(num)d catégories sans service compétent ici.",
            counted["categories"],
        )
    return ""


def _where(line: JoiningLine, step: str) -> tuple[str, str]:
    """The screen where the step is taken, and what its link says."""
    owner, insee = line.organization_id, line.insee
    whose: dict[str, Any] = {"organisme": owner, "commune": insee}
    unit = url_for("staff.unit", unit_id=line.unit_id) if line.unit_id else url_for("staff.new_unit", **whose)
    place = (
        url_for("staff.organization", organization_id=owner)
        if owner
        else url_for("staff.new_organization", commune=insee)
    )
    return {
        "ground": (url_for("network.ground", insee=insee), _("Charger voies et adresses")),
        "organization": (place, _("Fiche de la commune")),
        "desk": (unit, _("Fiche de l’accueil")),
        "invited": (url_for("staff.new_agent", **whose), _("Inviter un agent d’accueil")),
        "logged_in": (url_for("staff.show_agents", commune=insee), _("Agents de la commune")),
        "rules": (url_for("competence.show"), _("Règles de compétence")),
        "templates": (url_for("words.replies"), _("Modèles de messages")),
        "closures": (url_for("calendars.show"), _("Calendrier")),
        "training": ("", ""),
        "trial": ("", _("Un agent d’accueil l’enregistre à son guichet.")),
        "go_live": ("#ouverture", _("Décider")),
    }[step]


def _categories() -> Any:
    return wiring().rulebooks.categories()[0].categories.values()


def _held_words() -> dict[str, str]:
    """What keeps a commune from being taken back."""
    return {
        "demands": _("elle a des demandes"),
        "agents": _("des agents y ont un rôle"),
        "units": _("elle a un service"),
        "organization": _("elle a un organisme : ôtez-lui sa commune, sur sa fiche"),
        "rules": _("des règles de compétence la nomment"),
        "addresses": _("ses adresses sont chargées"),
    }


def state_words() -> dict[str, tuple[str, str]]:
    """State of a commune → word, tone."""
    return {
        "live": (_("Ouverte"), "ok"),
        "undated": (_("Ouverte sans date"), "warn"),
        "decided": (_("Ouverture décidée"), "info"),
        "preparing": (_("Se prépare"), "plain"),
    }
