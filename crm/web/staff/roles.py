"""What each role may do, read aloud; and the centre’s short list of what agents know."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import AGENT_ROLES, Permission
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, wording
from crm.http.wording_rights import rights_of
from crm.staff import add_skill, agents_by_role, retire_skill, skills
from crm.web.staff.blueprint import AT, bp
from crm.web.staff.saying import typed, wrong_words


@bp.get(f"{AT}/roles")
@needs(Permission.STAFF_MANAGE)
def show_roles() -> str:
    with reading() as session:
        held = agents_by_role(session, current_user.actor)
    return render_template(
        "web/staff/roles.html",
        roles=[(role, wording(role, "role"), rights_of(role), held.get(role, 0)) for role in AGENT_ROLES],
    )


@bp.get(f"{AT}/savoir-faire")
@needs(Permission.STAFF_MANAGE)
def show_skills() -> str:
    return _page()


@bp.post(f"{AT}/savoir-faire")
@needs(Permission.STAFF_MANAGE)
def new_skill() -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            add_skill(uow, request.form.get("label", ""), is_language="is_language" in request.form)
    except Invalid as refusal:
        return _page(wrong_words(refusal)), 422
    flash(_("Savoir-faire ajouté : donnez-le aux agents sur leur fiche."), "ok")
    return redirect(url_for("staff.show_skills"), 303)


@bp.post(f"{AT}/savoir-faire/<int:skill_id>/retrait")
@needs(Permission.STAFF_MANAGE)
def drop_skill(skill_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        retire_skill(uow, skill_id)
    flash(_("Savoir-faire retiré de la liste et des fiches."), "ok")
    return redirect(url_for("staff.show_skills"), 303)


def _page(wrong: dict[str, str] | None = None) -> str:
    with reading() as session:
        lines = skills(session)
    return render_template(
        "web/staff/skills.html",
        lines=lines,
        given=typed("label"),
        is_language="is_language" in request.form,
        wrong=wrong or {},
    )
