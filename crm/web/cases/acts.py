"""Each verb of the lifecycle as an address: a POST does it, or gives the page back with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm import cases
from crm.access import Permission
from crm.cases import BounceReason, ReopenReason, one_case
from crm.deadlines import PauseReason
from crm.foundation import Conflict, IllegalStep, Invalid, UnitOfWork
from crm.http import gettext as _
from crm.http import holds, needs, reading, reasons, unit_of_work, whole_number, wiring
from crm.interactions import Message
from crm.notifications import draft
from crm.web.cases.blueprint import bp
from crm.web.cases.views import page
from crm.web.held import hold_seconds, remember_held
from crm.web.weeks import minutes_typed
from crm.web.writing import carried

Act = Callable[[UnitOfWork, str, int], object]


def _text(name: str) -> str:
    return request.form.get(name, "")


def _day(name: str) -> date:
    """
    Raises:
        Invalid: no day, or not a day.
    """
    found = _day_or_none(name)
    if found is None:
        raise Invalid({name: "required"})
    return found


def _day_or_none(name: str) -> date | None:
    typed = _text(name).strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid({name: "not_a_date"}) from None


def _one_of(kind: Any, name: str) -> Any:
    try:
        return kind(_text(name))
    except ValueError:
        raise Invalid({name: "unknown"}) from None


def _accept(uow: UnitOfWork, reference: str, seen: int) -> object:
    return cases.accept_case(uow, reference, seen_version=seen)


def _plan(uow: UnitOfWork, reference: str, seen: int) -> object:
    minutes = minutes_typed(_text("minutes"))
    return cases.plan_case(uow, reference, planned_on=_day("planned_on"), seen_version=seen, minutes=minutes)


def _secure(uow: UnitOfWork, reference: str, seen: int) -> object:
    day, said = _day("planned_on"), _text("report")
    return cases.secure_case(uow, reference, planned_on=day, report=said, seen_version=seen)


def _await_partner(uow: UnitOfWork, reference: str, seen: int) -> object:
    return cases.await_partner(uow, reference, motive=_text("motive"), seen_version=seen)


def _resume(uow: UnitOfWork, reference: str, seen: int) -> object:
    return cases.resume_case(uow, reference, seen_version=seen)


def _bounce(uow: UnitOfWork, reference: str, seen: int) -> object:
    why = _one_of(BounceReason, "reason")
    return cases.bounce_case(
        uow,
        reference,
        reason=why,
        motive=_text("motive"),
        seen_version=seen,
        proposed_unit_id=whole_number(_text("proposed_unit_id")),
    )


def _route(uow: UnitOfWork, reference: str, seen: int) -> object:
    book, chosen = wiring().rulebooks.current(), whole_number(_text("unit_id")) or 0
    return cases.route_case(uow, book, reference, unit_id=chosen, motive=_text("motive"), seen_version=seen)


def _cancel(uow: UnitOfWork, reference: str, seen: int) -> object:
    return cases.cancel_case(uow, reference, reason=_text("reason"), seen_version=seen)


def _reopen(uow: UnitOfWork, reference: str, seen: int) -> object:
    why, book = _one_of(ReopenReason, "reason"), wiring().rulebooks.current()
    return cases.reopen_case(uow, book, reference, reason=why, motive=_text("motive"), seen_version=seen)


def _ask(uow: UnitOfWork, reference: str, seen: int) -> object:
    """The question leaves by the channel that the usager chose, with reference, date and ways to answer."""
    question = _text("question").strip()
    if not question:
        raise Invalid({"question": "required"})
    why = _one_of(PauseReason, "pause") if _text("pause") else PauseReason.PRECISION
    known = wiring()
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        ready = draft(
            session, known.settings.centre, case, "question", known.clock.now(), extra={"question": question}
        )
    if not ready.recipient:
        raise Invalid({"question": "nobody_to_ask"})
    message = Message(
        kind="question",
        channel=ready.channel,
        recipient=ready.recipient,
        subject=ready.subject,
        body=carried(ready.channel, ready.body, "question"),
        contact_id=case.contact_id,
        held_seconds=hold_seconds(),
    )
    asked = cases.ask_requester(uow, reference, message=message, seen_version=seen, reason=why)
    remember_held(uow, case.id, reference, {"question": question, "pause": why}, "question")
    return asked


ACTS: dict[str, tuple[str, Act]] = {
    "accept": ("prise-en-charge", _accept),
    "plan": ("planification", _plan),
    "secure": ("mise-en-securite", _secure),
    "ask": ("question", _ask),
    "await_partner": ("attente-partenaire", _await_partner),
    "resume": ("reprise", _resume),
    "bounce": ("renvoi", _bounce),
    "route": ("affectation", _route),
    "cancel": ("annulation", _cancel),
    "reopen": ("reouverture", _reopen),
}


def _view(verb: str, act: Act) -> Callable[[str], ResponseReturnValue]:
    @needs(Permission.CASE_VIEW)
    def do(reference: str) -> ResponseReturnValue:
        try:
            with unit_of_work() as uow:
                act(uow, reference, whole_number(_text("seen_version")) or 0)
        except Invalid as refusal:
            wrong = reasons(refusal)
            return page(reference, wrong=wrong, typed=request.form, act=verb), 422
        except (Conflict, IllegalStep):
            return page(reference, typed=request.form, act=verb, clash=True), 409
        flash(_done(verb), "ok")
        return redirect(_next(verb, reference), 303)

    return do


def _next(verb: str, reference: str) -> str:
    """The case again; a unit that sent it back does not see it any more, and goes on with its list."""
    gone = verb == "bounce" and not holds(current_user.actor.roles, frozenset({Permission.CASE_ROUTE}))
    return url_for("queues.show", view="a-traiter") if gone else url_for("cases.show", reference=reference)


def _done(verb: str) -> str:
    told = {
        "accept": _("C’est noté : vous suivez cette demande."),
        "plan": _("Date d’intervention enregistrée."),
        "secure": _("Mise en sécurité enregistrée. La demande reste ouverte jusqu’à la réparation."),
        "ask": _("La question part vers l’usager. La demande attend sa réponse."),
        "await_partner": _("La demande attend maintenant un partenaire."),
        "resume": _("La demande est de nouveau prise en charge."),
        "bounce": _("Demande renvoyée au centre, avec votre raison."),
        "route": _("Demande confiée au service."),
        "cancel": _("Demande annulée."),
        "reopen": _("Demande rouverte."),
    }
    return told[verb]


for _verb, (_slug, _act) in ACTS.items():
    bp.add_url_rule(f"/<reference:reference>/{_slug}", _verb, _view(_verb, _act), methods=["POST"])
