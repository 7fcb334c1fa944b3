"""Agents: found, invited, corrected, their roles and what they know. No password is ever typed here."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import AGENT_ROLES, Permission
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, whole_number, wiring, wording
from crm.staff import (
    AgentFilter,
    AgentTold,
    RoleGrant,
    agent_seen,
    agents_found,
    edit_agent,
    grant_role,
    invite_agent,
    one_agent,
    organizations,
    set_skills,
    skills,
    take_grant,
    unlock_agent,
    welcome_agent,
)
from crm.staff import units as all_units
from crm.staff.factors import last_resets
from crm.web.explaining import commune_names
from crm.web.staff.blueprint import AT, bp
from crm.web.staff.giving_back import Given, filled, kept_or_given_back
from crm.web.staff.saying import history, role_words, state_words, typed, wrong_words

_BOXES = ("email", "first_name", "last_name", "title", "organization_code", "unit_code")
_GRANT = ("role", "grant_unit", "grant_insee", "note")
_IN_A_UNIT, _AT_A_DESK = ("team_lead", "field_agent"), ("desk_agent",)


@bp.get(f"{AT}/agents")
@needs(Permission.STAFF_MANAGE)
def show_agents() -> str:
    asked = request.args
    kept = AgentFilter(
        words=asked.get("q", "")[:100],
        organization_id=whole_number(asked.get("organisme")),
        unit_id=whole_number(asked.get("service")),
        role=asked.get("role", ""),
        skill_id=whole_number(asked.get("savoir")),
        state=asked.get("etat", ""),
        insee=asked.get("commune", ""),
    )
    now = wiring().clock.now()
    with reading() as session:
        found = agents_found(session, current_user.actor, kept, now)
        owners = organizations(session, current_user.actor)
        known = skills(session)
    return render_template(
        "web/staff/agents.html",
        found=found,
        now=now,
        asked={name: asked.get(name, "") for name in ("q", "organisme", "role", "savoir", "etat")},
        owners=[(one.id, one.name) for one in owners],
        skills=[(one.id, one.label) for one in known],
        roles=[(role, wording(role, "role")) for role in AGENT_ROLES],
        states=[*((code, words[0]) for code, words in state_words().items()), ("waiting", _("Jamais venu"))],
        state_words=state_words(),
        role_words=role_words,
    )


@bp.get(f"{AT}/agents/nouveau")
@needs(Permission.STAFF_MANAGE)
def new_agent() -> str:
    """`?commune=99001&organisme=3`: an agent of a desk, as the joining kit asks for."""
    insee, owner = request.args.get("commune", ""), whole_number(request.args.get("organisme"))
    blank = dict.fromkeys((*_BOXES, *_GRANT), "")
    with reading() as session:
        owners = {one.id: one for one in organizations(session, current_user.actor)}
        of_commune = [one.id for one in owners.values() if insee and one.insee == insee]
        of_desk = [one.organization_id for one in all_units(session) if insee and one.insee == insee]
    card = owners.get(owner or next(iter([*of_commune, *of_desk]), 0))
    if card is not None:
        blank["organization_code"] = card.code
    if insee:
        blank |= {"role": "desk_agent", "grant_insee": insee}
    return _new(blank)


@bp.post(f"{AT}/agents/nouveau")
@needs(Permission.STAFF_MANAGE)
def add_agent() -> ResponseReturnValue:
    given = typed(*_BOXES, *_GRANT)
    try:
        with unit_of_work() as uow:
            agent_id = welcome_agent(uow, _told(given), [_grant(given)], given["note"])
    except Invalid as refusal:
        return _new(given, wrong_words(refusal)), 422
    flash(_("Compte ouvert. Un lien part vers sa boîte : il choisira lui-même son mot de passe."), "ok")
    return redirect(url_for("staff.agent", agent_id=agent_id), 303)


@bp.get(f"{AT}/agents/<int:agent_id>")
@needs(Permission.STAFF_MANAGE)
def agent(agent_id: int) -> str:
    return _sheet(agent_id)


@bp.post(f"{AT}/agents/<int:agent_id>")
@needs(Permission.STAFF_MANAGE)
def change_agent(agent_id: int) -> ResponseReturnValue:
    given = typed(*_BOXES)
    told = _told(given)
    changed = kept_or_given_back(given, lambda uow, seen: edit_agent(uow, agent_id, told, seen=seen))
    if isinstance(changed, Given):
        return _sheet(agent_id, changed), changed.status
    if changed:
        flash(_("Fiche enregistrée. Ses sessions sont fermées : il se reconnecte."), "ok")
    else:
        flash(_("Fiche enregistrée : rien n’a changé."), "info")
    return _back(agent_id)


@bp.post(f"{AT}/agents/<int:agent_id>/invitation")
@needs(Permission.STAFF_MANAGE)
def invite(agent_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            invite_agent(uow, agent_id)
    except Invalid:
        flash(_("Ce compte est désactivé : remettez-le d’abord en service."), "warn")
    else:
        flash(_("Un nouveau lien part vers sa boîte. Le précédent ne s’ouvre plus."), "ok")
    return _back(agent_id)


@bp.post(f"{AT}/agents/<int:agent_id>/deblocage")
@needs(Permission.STAFF_MANAGE)
def unlock(agent_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        unlock_agent(uow, agent_id)
    flash(_("Compte débloqué : il peut réessayer tout de suite."), "ok")
    return _back(agent_id)


@bp.post(f"{AT}/agents/<int:agent_id>/roles")
@needs(Permission.STAFF_MANAGE)
def give_role(agent_id: int) -> ResponseReturnValue:
    given = typed(*_GRANT)
    try:
        with unit_of_work() as uow:
            before = one_agent(uow.session, uow.actor, agent_id, uow.now)
            grant_role(uow, before.email, _grant(given), note=given["note"])
            is_new = one_agent(uow.session, uow.actor, agent_id, uow.now).grants != before.grants
    except Invalid as refusal:
        return _sheet(agent_id, granted=given, wrong=wrong_words(refusal, {"unit_code": "grant_unit"})), 422
    if is_new:
        flash(_("Rôle donné. Ses sessions sont fermées : il se reconnecte et travaille avec ce rôle."), "ok")
    else:
        flash(_("Il a déjà ce rôle : rien n’a changé."), "info")
    return _back(agent_id)


@bp.post(f"{AT}/agents/<int:agent_id>/roles/<int:grant_id>/retrait")
@needs(Permission.STAFF_MANAGE)
def take_role(agent_id: int, grant_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            take_grant(uow, agent_id, grant_id, note=request.form.get("note", ""))
    except Invalid as refusal:
        return _sheet(agent_id, wrong=wrong_words(refusal, {"note": f"note-{grant_id}"})), 422
    flash(_("Rôle retiré. Ses sessions sont fermées."), "ok")
    return _back(agent_id)


@bp.post(f"{AT}/agents/<int:agent_id>/savoir-faire")
@needs(Permission.STAFF_MANAGE)
def choose_skills(agent_id: int) -> ResponseReturnValue:
    chosen = [number for text in request.form.getlist("skills") if (number := whole_number(text))]
    try:
        with unit_of_work() as uow:
            set_skills(uow, agent_id, chosen)
    except Invalid as refusal:
        return _sheet(agent_id, wrong=wrong_words(refusal)), 422
    flash(_("Savoir-faire enregistrés."), "ok")
    return _back(agent_id)


def _told(given: dict[str, str]) -> AgentTold:
    return AgentTold(**{name: given[name] for name in _BOXES})


def _grant(given: dict[str, str]) -> RoleGrant:
    """The unit or the commune of the form count for the roles that hold there, and for no other."""
    role = given["role"]
    return RoleGrant(
        role,
        unit_code=(given["grant_unit"] or None) if role in _IN_A_UNIT else None,
        insee=(given["grant_insee"] or None) if role in _AT_A_DESK else None,
    )


def _back(agent_id: int) -> ResponseReturnValue:
    return redirect(url_for("staff.agent", agent_id=agent_id), 303)


def _choices() -> dict[str, Any]:
    with reading() as session:
        owners = organizations(session, current_user.actor)
        cards = [card for card in all_units(session) if card.is_active]
    return {
        "owners": [(one.code, one.name) for one in owners],
        "units": [(card.code, f"{card.name} — {card.organization_name}") for card in cards],
        "communes": list(commune_names().items()),
        "roles": [(role, wording(role, "role")) for role in AGENT_ROLES],
    }


def _new(given: dict[str, str], wrong: dict[str, str] | None = None) -> str:
    return render_template("web/staff/new_agent.html", given=given, wrong=wrong or {}, **_choices())


def _why(session: Session, agent_id: int) -> dict[int, str]:
    """Fact → its motive in words: of their second factor taken away, the last time."""
    last = last_resets(session, [agent_id]).get(agent_id)
    return {last.fact_id: f"{wording(last.motive, 'reset_motive')}. {last.words}".strip()} if last else {}


def _sheet(
    agent_id: int,
    back: Given | None = None,
    *,
    granted: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> str:
    now = wiring().clock.now()
    with reading() as session:
        line = one_agent(session, current_user.actor, agent_id, now)
        seen = agent_seen(session, agent_id)
        facts = history(session, "agent", agent_id, own_name=line.name, why=_why(session, agent_id))
        known = skills(session)
    choices = _choices()
    boxes = {"organization_code": choices["owners"], "unit_code": choices["units"]}
    return render_template(
        "web/staff/agent.html",
        one=line,
        state=state_words()[line.state(now)],
        state_code=line.state(now),
        **filled(back, {name: getattr(line, name) for name in _BOXES}, seen, boxes, wrong),
        granted=granted or dict.fromkeys(_GRANT, ""),
        facts=facts,
        skills=known,
        is_me=agent_id == current_user.actor.id,
        role_words=role_words,
        **choices,
    )
