"""Each end that an agent gives to an arrival, as an address; then the next one that waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import FoundCase, Mistyped, cases_by_references, parse_reference, search_cases
from crm.channels import JoinedFile
from crm.contacts import NewContact
from crm.foundation import Conflict, IllegalStep, Invalid, UnitOfWork
from crm.http import gettext as _
from crm.http import in_sentence, needs, reading, reasons, unit_of_work, whole_number, wiring, wording
from crm.inbox import (
    ArrivalSheet,
    Aside,
    answer_arrival,
    arrivals_to_sort,
    attach_arrival,
    confirm_sender,
    forward_arrival,
    one_arrival,
    set_arrival_aside,
    take_answer_back,
    take_arrival_back,
)
from crm.intake import Demand
from crm.interactions import Message
from crm.web.decided import who_decided
from crm.web.held import forget_held, hold_seconds, remember_answer
from crm.web.inbox.blueprint import bp
from crm.web.inbox.hints import hints_of
from crm.web.inbox.lists import page
from crm.web.inbox.making import fields_of, files_of, staged
from crm.web.writing import carried

_FOUND = 8
_LEAVES = frozenset({"email", "sms", "letter"})  # elsewhere the agent answered by hand
Act = Callable[[UnitOfWork], object]


@bp.post("/<int:inbound_id>/recherche")
@needs(Permission.INBOUND_SORT)
def seek(inbound_id: int) -> str:
    """Demands that it may be about, by reference or by words."""
    sought = request.form.get("sought", "")[:200]
    return page(inbound_id, found=_found(sought), sought=sought, act="attach")


def _found(sought: str) -> list[FoundCase]:
    with reading() as session:
        try:
            return cases_by_references(session, current_user.actor, [parse_reference(sought)])
        except Mistyped:
            return list(search_cases(session, current_user.actor, sought, limit=_FOUND).cases)


@bp.post("/<int:inbound_id>/rattachement")
@needs(Permission.INBOUND_SORT)
def attach(inbound_id: int) -> ResponseReturnValue:
    chosen = request.form.get("reference", "")
    try:
        reference = parse_reference(chosen)
    except Mistyped:
        told = _("Choisissez une demande, ou écrivez sa référence.")
        return page(inbound_id, {"reference": told}, act="attach"), 422
    tokens = staged(_files(inbound_id))
    shown = {"1": True, "0": False}.get(request.form.get("shown", ""))

    def act(uow: UnitOfWork) -> None:
        attach_arrival(uow, inbound_id, reference, seen_version=_seen(), tokens=tokens, shown=shown)

    told = _("Message rattaché à la demande %(reference)s.", reference=reference)
    return _done(inbound_id, act, told, "attach")


@bp.post("/<int:inbound_id>/reponse")
@needs(Permission.INBOUND_SORT)
def answer(inbound_id: int) -> ResponseReturnValue:
    """To who wrote, by the channel they used: neither is taken from the form."""
    with reading() as session:
        sheet = one_arrival(session, current_user.actor, inbound_id)

    def act(uow: UnitOfWork) -> None:
        said = carried(sheet.channel, request.form.get("body", ""))
        subject = request.form.get("subject", "").strip() or _answered(sheet.subject)
        message = Message(
            kind="information",
            channel=sheet.channel,
            recipient=sheet.sender,
            subject=subject,
            body=said,
            held_seconds=hold_seconds(),
        )
        answer_arrival(uow, inbound_id, message, seen_version=_seen())
        if sheet.channel in _LEAVES and hold_seconds():
            remember_answer(inbound_id, hold_seconds())

    return _done(inbound_id, act, _("Réponse envoyée, sans demande."), "answer")


@bp.post("/<int:inbound_id>/reponse-reprise")
@needs(Permission.INBOUND_SORT)
def undo_answer(inbound_id: int) -> ResponseReturnValue:
    """It never leaves; the message waits again, with the words where they were written."""
    forget_held()
    try:
        with unit_of_work() as uow:
            subject, body = take_answer_back(uow, inbound_id)
    except Conflict:
        flash(_("Trop tard : le message est parti."), "warn")
        return redirect(url_for("inbox.show", inbound_id=inbound_id), 303)
    flash(_("Message repris : rien n’est parti."), "ok")
    return page(inbound_id, act="answer", typed=defaultdict(str, subject=subject, body=body))


def _answered(subject: str) -> str:
    return subject if subject.casefold().startswith("re:") else f"Re: {subject}".strip()


@bp.post("/<int:inbound_id>/transmission")
@needs(Permission.INBOUND_SORT)
def forward(inbound_id: int) -> ResponseReturnValue:
    with reading() as session:
        sheet = one_arrival(session, current_user.actor, inbound_id)
    tokens = staged(_files(inbound_id))
    demand = _demand(sheet, tokens)

    def act(uow: UnitOfWork) -> None:
        forward_arrival(uow, wiring().rulebooks.current(), inbound_id, demand, seen_version=_seen())

    told = _("Message transmis à l’organisme compétent ; l’usager en est prévenu.")
    return _done(inbound_id, act, told, "forward")


def _demand(sheet: ArrivalSheet, tokens: list[str]) -> Demand:
    """The demand of whoever wrote, in their own words, for the body chosen."""
    with reading() as session:
        told = fields_of(sheet, hints_of(session, sheet), _seen())
    known = whole_number(told["contact"])
    who = NewContact(
        first_name=told["first_name"],
        family_name=told["family_name"],
        email=told.get("email", ""),
        phone=told.get("phone", ""),
    )
    is_somebody = known is None and any((who.first_name, who.family_name, who.email, who.phone))
    return Demand(
        key=f"arrival:{sheet.id}:{_seen()}",
        object=told["object"],
        channel=told["channel"],
        contact_id=known,
        contact=who if is_somebody else None,
        answer_channel=told["answer_channel"],
        received_at=sheet.received_at,
        files=tuple(tokens),
        refer_to=whole_number(request.form.get("unit_id")),
    )


@bp.post("/<int:inbound_id>/classement")
@needs(Permission.INBOUND_SORT)
def set_aside(inbound_id: int) -> ResponseReturnValue:
    why = request.form.get("reason", "")

    def act(uow: UnitOfWork) -> None:
        set_arrival_aside(uow, inbound_id, why, seen_version=_seen())

    words = in_sentence(wording(why, "aside")) if why in set(Aside) else ""
    return _done(inbound_id, act, _("Message classé sans réponse : %(reason)s.", reason=words), "aside")


@bp.post("/<int:inbound_id>/reprise")
@needs(Permission.INBOUND_SORT)
def take_back(inbound_id: int) -> ResponseReturnValue:
    def act(uow: UnitOfWork) -> None:
        take_arrival_back(uow, inbound_id, seen_version=_seen())

    told = _("Le message attend de nouveau d’être trié.")
    return _done(inbound_id, act, told, "", then=inbound_id)


@bp.post("/<int:inbound_id>/expediteur")
@needs(Permission.INBOUND_SORT)
def sender(inbound_id: int) -> ResponseReturnValue:
    """`accepted`: the agent knows who it is; else the message waits as any other."""
    accepted = request.form.get("accepted") == "1"
    tokens = staged(_files(inbound_id)) if accepted else []

    def act(uow: UnitOfWork) -> None:
        confirm_sender(uow, inbound_id, accepted=accepted, seen_version=_seen(), tokens=tokens)

    said = _("Expéditeur accepté : le message a rejoint la demande.")
    waits = _("Le message est détaché de la demande : dites ce qu’il devient.")
    return _done(inbound_id, act, said if accepted else waits, "", then=None if accepted else inbound_id)


def _files(inbound_id: int) -> tuple[JoinedFile, ...]:
    with reading() as session:
        return files_of(session, one_arrival(session, current_user.actor, inbound_id))


def _seen() -> int:
    return whole_number(request.form.get("seen_version")) or 0


def _done(
    inbound_id: int, act: Act, told: str, opened: str, *, then: int | None = None
) -> ResponseReturnValue:
    """Do it, then go to the next that waits; refused, the page comes back with what was typed."""
    try:
        with unit_of_work() as uow:
            act(uow)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return page(inbound_id, wrong, act=opened), 422
    except (Conflict, IllegalStep):
        return page(inbound_id, act=opened, clash=who_decided(inbound_id)), 409
    flash(told, "ok")
    return redirect(url_for("inbox.show", inbound_id=then) if then else _next(inbound_id), 303)


def _next(inbound_id: int) -> str:
    with reading() as session:
        waiting = arrivals_to_sort(session, current_user.actor, limit=2)
    following = next((line.id for line in waiting if line.id != inbound_id), None)
    return url_for("inbox.show", inbound_id=following) if following else url_for("inbox.waiting")
