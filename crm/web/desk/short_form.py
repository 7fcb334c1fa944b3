"""The form of a counter: what it takes and no more, the commune filled in, every help drawn by the server."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from crm import territory
from crm.access import Permission
from crm.cases import reserve_reference, spoken
from crm.catalogue import dangers_in
from crm.foundation import Invalid, fold
from crm.http import gettext as _
from crm.http import language, needs, reading, reason, unit_of_work, whole_number, wiring
from crm.intake import walk_in_asked
from crm.web.desk.blueprint import bp
from crm.web.desk.home import desk_commune
from crm.web.intake.assists import LONGEST, facts_of, suggested
from crm.web.intake.callers import answers_proposed
from crm.web.intake.calls import shown_as
from crm.web.intake.drafts import reference_in, sign_reference
from crm.web.intake.forms import DemandForm
from crm.web.intake.ringing import number_calling, take_up_call
from crm.web.intake.views import just_made, refusal_of, register_once, says_something_else, wrong_in
from crm.web.sms_refused import refused_of_case, refused_of_form

_MOST = 8
AS_WRITTEN = "libre"  # the place stays as typed: no address of the list is it
_ANSWERS = ("phone", "email", "sms", "letter", "none")


@dataclass(frozen=True, slots=True)
class Choice:
    """An address to choose, as a line of a list."""

    value: str
    label: str


@bp.get("/guichet/nouvelle")
@needs(Permission.CASE_CREATE)
def new() -> str:
    with unit_of_work() as uow:
        reference = reserve_reference(uow)
    form = DemandForm(formdata=None, draft=sign_reference(reference))
    form.commune.data = desk_commune()
    take_up_call(form)
    form.channel.data = "phone" if form.call.data else "desk"
    form.phone.data = number_calling(form)
    return _page(form, MultiDict({"draft": form.draft.data}), {}, [])


@bp.post("/guichet/nouvelle")
@needs(Permission.CASE_CREATE)
def register() -> ResponseReturnValue:
    """All that is missing is said at once, with the addresses to choose from; nothing typed is lost."""
    typed, choices = _with_place(MultiDict(request.form))
    form = DemandForm(typed)
    reference = reference_in(form.draft.data or "")
    if reference is None:
        abort(400)
    wrong = wrong_in(form)
    if choices and not typed.get("place"):
        wrong = {**wrong, "place_text": _("Choisissez l’adresse dans la liste.")}
    if not form.chosen_category():
        wrong = {**wrong, "any_category": _("Choisissez la catégorie dans la liste.")}
    if wrong:
        return _page(form, typed, wrong, choices), 422
    try:
        done = register_once(form, reference, typed)
    except Invalid as refusal:
        told = {name: reason(code) for name, code in shown_as(refusal).items()}
        return _page(form, typed, told, choices), 422
    if says_something_else(done, form):
        known = _("Cette demande est déjà enregistrée, avec un autre texte. Ouvrez un nouveau formulaire.")
        return _page(form, typed, {"object": known}, choices), 409
    if (walk_in := whole_number(typed.get("passage"))) is not None:
        with unit_of_work() as uow:
            walk_in_asked(uow, walk_in, done.id)
    return redirect(url_for("desk.registered", reference=done.reference), 303)


@bp.get("/guichet/<reference:reference>/enregistree")
@needs(Permission.CASE_CREATE)
def registered(reference: str) -> str:
    """The number to say and the paper to hand over."""
    with reading() as session:
        case = just_made(session, reference)
        not_by_sms = refused_of_case(session, case)
    catalogue, _index = wiring().rulebooks.categories()
    return render_template(
        "web/desk/registered.html",
        case=case,
        unit=wiring().rulebooks.units().get(case.unit_id or 0),
        not_by_sms=not_by_sms,
        dangers=dangers_in(catalogue, case.object),
        english=language() == "en",
    )


def _with_place(typed: MultiDict[str, str]) -> tuple[MultiDict[str, str], list[Choice]]:
    """What was typed, with the address chosen in the list put where an address goes; and the list.

    No list when one address alone is meant, or none is known: the words are then kept as they are.
    """
    text = typed.get("place_text", "").strip()
    if typed.get("place") or not text:
        return typed, []
    choices = _addresses(text, typed.get("commune") or None)
    chosen = typed.get("place_choice", "")
    known = {choice.value: choice.label for choice in choices}
    if chosen == AS_WRITTEN or (len(choices) == 1 and fold(text) in fold(choices[0].label)):
        typed["place"] = AS_WRITTEN if chosen == AS_WRITTEN else choices[0].value
    elif chosen in known:
        typed["place"], typed["place_text"] = chosen, known[chosen]
    elif any(fold(choice.label) == fold(text) for choice in choices):
        typed["place"] = next(c.value for c in choices if fold(c.label) == fold(text))
    return typed, choices


def _addresses(text: str, insee: str | None) -> list[Choice]:
    """Those of the commune; where it has none like it, those of everywhere."""
    with reading() as session:
        hits = territory.search_addresses(session, text, insee=insee, limit=_MOST) if insee else []
        hits = hits or territory.search_addresses(session, text, limit=_MOST)
    found = {_value(hit): hit.label for hit in hits if hit.street_id}
    return [Choice(value, label) for value, label in found.items()]


def _value(hit: territory.AddressHit) -> str:
    return f"a{hit.address_id}" if hit.address_id and not hit.number_unknown else f"s{hit.street_id}"


def _page(form: DemandForm, typed: MultiDict[str, str], wrong: dict[str, str], choices: list[Choice]) -> str:
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.in_use(form.chosen_category())
    with reading() as session:
        communes = territory.offered(session, current_user.actor.places)
        no_sms = refused_of_form(session, form.data, None)
    shown: dict[str, Any] = {**facts_of(typed), **answers_proposed(typed, None)}
    return render_template(
        "web/desk/new.html",
        **{
            **shown,
            "form": form,
            "errors": [_where(refusal_of(name, text, category)) for name, text in wrong.items()],
            "wrong": defaultdict(str, wrong),
            "category": category,
            "catalogue": catalogue,
            "communes": communes,
            "choices": choices if not typed.get("place") else [],
            "suggested": suggested((form.object.data or "")[:LONGEST]) if not category else [],
            "answers": form.options("answer_channel", _ANSWERS),
            "no_sms": no_sms,
            "number": spoken(reference_in(form.draft.data or "") or ""),
            "desk": current_user.card.organization_name,
            "passage": whole_number(typed.get("passage") or request.args.get("passage")) or "",
        },
    )


def _where(refusal: dict[str, str]) -> dict[str, str]:
    """The anchors of this form."""
    anchors = {"#place": "#place_text", "#categories": "#any_category"}
    return {**refusal, "href": anchors.get(refusal["href"], refusal["href"])}
