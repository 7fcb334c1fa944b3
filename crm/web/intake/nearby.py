"""Demands nearby that may be the same: shown while typing; whoever is on the line joins one in one key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, allows
from crm.cases import CaseSheet, Near, Sought, one_case, parse_reference, reserve_reference, sought
from crm.cases import nearby as nearby_cases
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, reasons, unit_of_work, whole_number, wiring
from crm.intake import Conversation, MeToo, note_dangers, register_follower, resolve_place
from crm.web.explaining import category_label
from crm.web.intake.assists import LONGEST
from crm.web.intake.blueprint import bp
from crm.web.intake.calls import conversation_from
from crm.web.intake.drafts import reference_in, sign_reference
from crm.web.intake.forms import DemandForm, demand_from, place_in
from crm.web.intake.from_arrival import settle
from crm.web.intake.ringing import say_what_call_was
from crm.web.intake.views import page


@dataclass(frozen=True, slots=True)
class Shown:
    """One proposal in words. `where` is « à 12 m » or « même commune »."""

    near: Near
    where: str
    category: str


@bp.post("/aides/doublons")
@needs(Permission.CASE_FOLLOW)
def nearby() -> str:
    """Empty when nothing looks like it: no grey box."""
    return render_template("web/intake/_nearby.html", proposed=proposed_for(request.form))


def proposed_for(form: Any) -> list[Shown]:
    known, now = wiring(), wiring().clock.now()
    catalogue, _index = known.rulebooks.categories()
    code = form.get("category") or form.get("any_category") or None
    with reading() as session:
        place = resolve_place(session, place_in(form), current_user.actor.places)
        wanted = sought(catalogue, code, form.get("object", "")[:LONGEST], place)
        near = nearby_cases(session, catalogue, current_user.actor, wanted, now) if wanted else []
    return [shown_of(one, wanted) for one in near if wanted]


def shown_of(near: Near, wanted: Sought) -> Shown:
    other = near.category_code != wanted.category.code
    return Shown(near, _where(near), category_label(near.category_code) if other else "")


def _where(near: Near) -> str:
    if near.metres is None:
        return _("même commune")
    if near.metres < 5:
        return _("au même endroit")
    rounded = round(near.metres) if near.metres < 20 else round(near.metres, -1)
    return ngettext("à %(num)d m", "à %(num)d m", int(rounded))


@bp.post("/demandes/nouvelle/suivre")
@needs(Permission.CASE_FOLLOW)
def follow() -> ResponseReturnValue:
    """No case is made. Who is on the line is asked if that was not said: then the same form comes again."""
    form = DemandForm(request.form)
    reference = reference_in(form.draft.data or "")
    if reference is None:
        abort(400)
    with reading() as session:
        case = one_case(session, current_user.actor, parse_reference(request.form.get("follow", "")))
    if not form.validate():
        return _again(form, case, {name: str(texts[0]) for name, texts in form.errors.items()})
    demand = _me_too(form, reference)
    if _is_nobody(demand) and not form.anonymous.data and "sure" not in request.form:
        return page(form, {}, following=case, following_label=category_label(case.category_code))
    try:
        with unit_of_work() as uow:
            followed, contact_id = register_follower(uow, case.reference, demand)
            settle(uow, form, case.id, joined=True)
            if followed.is_new:
                talk = conversation_from(form, request.form, wiring().clock.now(), stopped=False)
                note_dangers(uow, wiring().rulebooks.current(), case.id, talk, demand.said)
            say_what_call_was(uow, form)
    except Invalid as refusal:
        return _again(form, case, reasons(refusal))
    again = None if followed.is_new else 1
    return redirect(
        url_for("intake.followed", reference=followed.reference, usager=contact_id, deja=again), 303
    )


def _again(form: DemandForm, case: CaseSheet, wrong: dict[str, str]) -> ResponseReturnValue:
    label = category_label(case.category_code)
    return page(form, wrong, following=case, following_label=label), 422


def _me_too(form: DemandForm, reference: str) -> MeToo:
    demand = demand_from(
        form, request.form, reference, current_user.actor, Conversation(), wiring().clock.now()
    )
    known = demand.contact_id is not None or demand.contact is not None
    return MeToo(
        key=demand.key,
        channel=demand.channel,
        contact_id=demand.contact_id,
        contact=demand.contact,
        answer_channel=demand.answer_channel if known else "none",
        said=demand.object,
        reserved=reference,
    )


def _is_nobody(demand: MeToo) -> bool:
    return demand.contact_id is None and demand.contact is None


@bp.get("/demandes/<reference:reference>/suivie")
@needs(Permission.CASE_FOLLOW)
def followed(reference: str) -> ResponseReturnValue:
    """What to say to whoever joined; and a form ready for the next demand."""
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
    with unit_of_work() as uow:
        form = DemandForm(formdata=None, draft=sign_reference(reserve_reference(uow)))
    if current_user.actor.places:
        form.channel.data, form.commune.data = "desk", min(current_user.actor.places)
    return page(
        form,
        {},
        followed=case,
        followed_before="deja" in request.args,
        usager=whole_number(request.args.get("usager")),
        opens=allows(current_user.actor, Permission.CASE_VIEW, case),
        unit=wiring().rulebooks.units().get(case.unit_id or 0),
    )
