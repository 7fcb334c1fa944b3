"""The page of a new demand."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from crm import territory
from crm.access import Permission, allows, may_read
from crm.attachments import staged_files
from crm.cases import (
    AlreadyRegistered,
    CaseSheet,
    Opened,
    Rulebook,
    case_by_id,
    one_case,
    reserve_reference,
    spoken,
    tracked_case,
)
from crm.catalogue import Category
from crm.foundation import Conflict, IllegalStep, Invalid, clean
from crm.http import gettext as _
from crm.http import language, needs, reading, reason, take_files, takes_files, typo, unit_of_work, wiring
from crm.http.uploads import FILES, TOKENS, carried_tokens
from crm.intake import Demand, register_demand
from crm.web.decided import who_decided
from crm.web.incidents.banner import incidents_to_say
from crm.web.intake.assists import LONGEST, facts_of, suggested
from crm.web.intake.blueprint import bp
from crm.web.intake.callers import answers_proposed, caller_of, note_shown
from crm.web.intake.calls import conversation_from, reasons, shown_as, stops_in
from crm.web.intake.drafts import reference_in, sign_reference
from crm.web.intake.forms import DemandForm, answers_in, demand_from
from crm.web.intake.from_arrival import arrival_in, dated, settle
from crm.web.intake.online import link_ways, under_shared_key, was_finished_online
from crm.web.intake.resuming import resumed_draft, said
from crm.web.intake.ringing import number_calling, say_what_call_was, take_up_call
from crm.web.sms_refused import refused_of_case, refused_of_form


@bp.get("/demandes/nouvelle")
@needs(Permission.CASE_CREATE)
def new() -> str:
    """An empty form with its number; `usager` keeps the person for the next demand of a call."""
    if draft := resumed_draft():
        with reading() as session:
            held = staged_files(session, carried_tokens(draft.field(TOKENS)))
        return page(DemandForm(formdata=said()), {}, resumed=draft, staged=held)
    with unit_of_work() as uow:
        reference = reserve_reference(uow)
    form = DemandForm(formdata=None, draft=sign_reference(reference))
    with reading() as session:
        caller = caller_of(session, request.args.get("usager"))
    take_up_call(form)
    if caller:
        form.contact.data = str(caller.card.id)
        form.answer_channel.data = caller.channel or form.answer_channel.data
    elif number := number_calling(form):
        form.phone.data = number
    if current_user.actor.places and not form.call.data:
        form.channel.data, form.commune.data = "desk", min(current_user.actor.places)
    return page(form, {})


@bp.post("/demandes/nouvelle")
@needs(Permission.CASE_CREATE)
@takes_files
def register() -> ResponseReturnValue:
    form = DemandForm(request.form)
    reference = reference_in(form.draft.data or "")
    if reference is None:
        abort(400)
    taken = take_files()
    held = {"staged": taken.shown(), "refusals": taken.refusals}
    wrong = wrong_in(form)
    if taken.refusals:
        wrong[FILES] = taken.refusals[0]
    if wrong:
        return page(form, wrong, **held), 422
    raw = request.form.copy()
    raw[TOKENS] = " ".join(taken.tokens)
    try:
        done = register_once(form, reference, raw)
    except Invalid as refusal:
        return page(form, {name: reason(code) for name, code in shown_as(refusal).items()}, **held), 422
    except (Conflict, IllegalStep):
        came = arrival_in(form)
        return page(form, {"object": who_decided(came[0]) if came else ""}, **held), 409
    if was_finished_online(form, done, reference):
        told = _(
            "L’usager a terminé cette demande en ligne : %(reference)s. Rien n’a été enregistré deux fois.",
            reference=spoken(done.reference),
        )
        return page(form, {"object": told}), 409
    if says_something_else(done, form):
        told = _(
            "Cette demande est déjà enregistrée (%(reference)s), avec un autre texte."
            " Pour la corriger, ouvrez-la ; pour une autre demande, ouvrez un nouveau formulaire.",
            reference=spoken(done.reference),
        )
        return page(form, {"object": told}), 409
    came = arrival_in(form)
    arrived = came[0] if came else None
    return redirect(url_for("intake.registered", reference=done.reference, arrivee=arrived), 303)


def wrong_in(form: DemandForm) -> dict[str, str]:
    """What the form itself can tell; a stopper wants a motive, and nothing else stands in the way."""
    if not form.validate():
        return {name: str(texts[0]) for name, texts in form.errors.items()}
    if _stopped(form) and not clean(form.off_script.data or ""):
        return {"off_script": _("Dites en quelques mots pourquoi vous enregistrez quand même.")}
    return {}


def _stopped(form: DemandForm) -> bool:
    catalogue, _index = wiring().rulebooks.categories()
    return bool(stops_in(catalogue, form.chosen_category(), answers_in(request.form)))


def says_something_else(done: Opened, form: DemandForm) -> bool:
    """Known already, and changed since: the change is not in the case, and is not lost in silence."""
    if done.assessment is not None:
        return False
    with reading() as session:
        return case_by_id(session, done.id).object != clean(form.object.data or "")


def register_once(form: DemandForm, reference: str, raw: MultiDict[str, str] | None = None) -> Opened:
    """Twice if need be: the same form sent from two tabs at once makes one case, and both are told so."""
    book = wiring().rulebooks.current()
    now = wiring().clock.now()
    raw = request.form if raw is None else raw
    talk = conversation_from(form, raw, now, stopped=_stopped(form))
    demand = dated(form, demand_from(form, raw, reference, current_user.actor, talk, now))
    demand = under_shared_key(form, demand)
    try:
        return _registered(form, book, demand)
    except AlreadyRegistered:
        return _registered(form, book, demand)


def _registered(form: DemandForm, book: Rulebook, demand: Demand) -> Opened:
    with unit_of_work() as uow:
        done = register_demand(uow, book, demand)
        settle(uow, form, done.id)
        say_what_call_was(uow, form)
        return done


@bp.get("/demandes/<reference:reference>/enregistree")
@needs(Permission.CASE_CREATE)
def registered(reference: str) -> ResponseReturnValue:
    """The number to say, what happens next; and a new form, ready for the next demand."""
    with reading() as session:
        case = just_made(session, reference)
        not_by_sms = refused_of_case(session, case)
    with unit_of_work() as uow:
        next_reference = reserve_reference(uow)
    form = DemandForm(formdata=None, draft=sign_reference(next_reference))
    if current_user.actor.places:
        form.channel.data, form.commune.data = "desk", min(current_user.actor.places)
    unit = wiring().rulebooks.units().get(case.unit_id or 0)
    opens = allows(current_user.actor, Permission.CASE_VIEW, case)
    return page(form, {}, done=case, unit=unit, opens=opens, not_by_sms=not_by_sms)


def just_made(session: Session, reference: str) -> CaseSheet:
    """Whoever entered it is told its number and who has it, even when it is another service's to work on."""
    case, who = tracked_case(session, reference), current_user.actor
    if case is not None and case.agent_id == who.id and may_read(who, case.readers):
        return case
    return one_case(session, who, reference)


def page(form: DemandForm, errors: dict[str, str], **more: Any) -> str:
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.in_use(form.chosen_category())
    shown = said()
    facts = facts_of(shown or MultiDict({"draft": form.draft.data or ""}))
    with reading() as session:
        communes = territory.offered(session, current_user.actor.places)
        caller = caller_of(session, form.contact.data)
        no_sms = refused_of_form(session, form.data, caller.card if caller else None)
    note_shown(caller)
    return render_template(
        "web/intake/new.html",
        form=form,
        errors=[refusal_of(name, text, category) for name, text in errors.items()],
        wrong=defaultdict(str, errors),
        suggested=suggested((form.object.data or "")[:LONGEST], form.category.data or ""),
        catalogue=catalogue,
        category=category,
        communes=communes,
        caller=caller,
        no_sms=no_sms,
        incidents=incidents_to_say(),
        motives=reasons(),
        link_ways=link_ways(),
        search=_("Nom, téléphone, courriel ou référence"),
        **{**facts, **answers_proposed(shown, None), **more},
    )


def refusal_of(field: str, text: str, category: Category | None) -> dict[str, str]:
    """What the summary says and where it leads; of the category’s own questions, which one."""
    asked = {question.key: question for question in category.questions} if category else {}
    if field in asked:
        label = asked[field].label_en if language() == "en" else typo(asked[field].label)
        return {"href": f"#q_{field}", "text": f"{label} {text}"}
    anchor = {"category": "categories", "place_text": "place"}.get(field, field)
    return {"href": f"#{anchor}", "text": text}
