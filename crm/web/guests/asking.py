"""The form that asks outside: to whom, what is shown, by when; read as they will read it, then sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, require
from crm.attachments import files_of_case
from crm.cases import CaseSheet, body_to_tell, one_case
from crm.cases.orders import Order, one_order
from crm.contacts import contact_card
from crm.foundation import PARIS, Conflict, IllegalStep, Invalid, NotAllowed
from crm.guests import (
    LEGAL_BASIS,
    Asking,
    Purpose,
    ask_opinion,
    checked,
    message_for,
    refer_outside,
    send_work,
    usual_day,
)
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number, wiring
from crm.staff import UnitCard
from crm.web.cases.verbs import may_send
from crm.web.guests.blueprint import bp
from crm.web.guests.naming import names_in
from crm.web.guests.offering import contractor


@dataclass(frozen=True, slots=True)
class About:
    """What is asked outside: of a demand, or of one work order of it."""

    case: CaseSheet
    purpose: Purpose
    order: Order | None

    @property
    def worker_id(self) -> int | None:
        return self.order.unit_id if self.order else self.case.unit_id


SLUGS = {"transmission": Purpose.REFERRAL, "avis": Purpose.OPINION, "prestataire": Purpose.WORK}


@bp.get("/demandes/<reference:reference>/exterieur/<slug>")
@needs(Permission.GUEST_ASK, Permission.CASE_CLOSE)
def ask(reference: str, slug: str) -> str:
    about = _about(reference, slug)
    return _page(about, _first_words(about), {})


@bp.post("/demandes/<reference:reference>/exterieur/<slug>")
@needs(Permission.GUEST_ASK, Permission.CASE_CLOSE)
def send(reference: str, slug: str) -> ResponseReturnValue:
    """Read again before it leaves: « do » is preview, back or send."""
    about = _about(reference, slug)
    typed: dict[str, Any] = {**request.form.to_dict(), "files": request.form.getlist("files")}
    if typed.get("do") == "back":
        return _page(about, typed, {})
    try:
        asking = _asking(about, typed)
        if typed.get("do") != "send":
            return _page(about, typed, {}, asking=asking)
        _do(about, asking, whole_number(typed.get("seen_version")) or 0)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _page(about, typed, wrong), 422
    except (Conflict, IllegalStep):
        return _page(_about(reference, slug), typed, {}, moved=True), 409
    flash(_sent(about.purpose), "ok")
    return redirect(url_for("guests.of_case", reference=reference), 303)


def _sent(purpose: Purpose) -> str:
    return {
        Purpose.REFERRAL: _("Demande transmise. L’usager est prévenu, avec le nouveau contact."),
        Purpose.OPINION: _("Avis demandé. La réponse arrivera dans l’historique de la demande."),
        Purpose.WORK: _("Lien envoyé au prestataire."),
    }[purpose]


def _do(about: About, asking: Asking, seen: int) -> None:
    reference = about.case.reference
    with unit_of_work() as uow:
        if about.purpose is Purpose.OPINION:
            ask_opinion(uow, reference, asking)
        elif about.purpose is Purpose.WORK:
            send_work(uow, reference, asking)
        else:
            book = wiring().rulebooks.current()
            refer_outside(uow, reference, asking, book=book, seen_version=seen)


def _about(reference: str, slug: str) -> About:
    """`?intervention=2`: the contractor has this order to do, not the whole demand.

    Raises:
        NotFound, NotAllowed.
    """
    purpose = SLUGS.get(slug) or abort(404)
    number = whole_number(request.args.get("intervention")) if purpose is Purpose.WORK else None
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        order = one_order(session, current_user.actor, reference, number) if number else None
    right = Permission.CASE_CLOSE if purpose is Purpose.REFERRAL else Permission.GUEST_ASK
    require(current_user.actor, right, case)
    if purpose is Purpose.REFERRAL and not may_send(case):
        raise NotAllowed(permission=Permission.CASE_COORDINATE)
    return About(case, purpose, order)


def choices_for(about: About) -> list[UnitCard]:
    """Who may be chosen rather than typed: of a referral, bodies that are not ours."""
    active = [card for card in wiring().rulebooks.units().values() if card.is_active]
    if about.purpose is Purpose.REFERRAL:
        return [card for card in active if card.operation in {"external", "concession"}]
    if about.purpose is Purpose.WORK:
        return [card for card in active if card.id == about.worker_id]
    return [card for card in active if card.email and card.id != about.case.unit_id]


def _first_words(about: About) -> dict[str, Any]:
    """What the agent corrects rather than types."""
    case, order = about.case, about.order
    worker = contractor(case, order) if about.purpose is Purpose.WORK else None
    body = body_to_tell(case) if about.purpose is Purpose.REFERRAL else None
    day = max(order.due_on, _today()) if order else usual_day(about.purpose, _today())
    return {
        "unit_id": str(worker.id if worker else body or ""),
        "place": ", ".join(filter(None, (case.place_label, case.place_hint))),
        "observed": case.object,
        "question": order.work if order else "",
        "due_on": day.isoformat(),
        "seen_version": str(case.version),
        "files": [],
    }


def _subject(case: CaseSheet) -> str:
    """In French, whatever the agent reads in: it is kept, and read outside."""
    found = wiring().rulebooks.current().catalogue.category(case.category_code or "")
    return found.label if found else ""


def _today() -> date:
    return wiring().clock.now().astimezone(PARIS).date()


def _asking(about: About, typed: Mapping[str, Any]) -> Asking:
    """
    Raises:
        Invalid: not a day, or anything that would be refused when it is sent.
    """
    chosen = {card.id: card for card in choices_for(about)}.get(whole_number(typed.get("unit_id")) or 0)
    try:
        due_on = date.fromisoformat(str(typed.get("due_on", "")).strip())
    except ValueError:
        raise Invalid({"due_on": "not_a_date"}) from None
    asking = Asking(
        organization=f"{chosen.organization_name}, {chosen.name}"
        if chosen
        else typed.get("organization", ""),
        email=str(typed.get("email", "")).strip() or (chosen.email if chosen else ""),
        unit_id=chosen.id if chosen else None,
        order_id=about.order.id if about.order else None,
        due_on=due_on,
        category=_subject(about.case),
        place=typed.get("place", ""),
        observed=typed.get("observed", ""),
        question=typed.get("question", ""),
        files=tuple(typed.get("files", ())),
        tells_usager="tells_usager" in typed,
    )
    with reading() as session:
        return checked(session, about.case, asking, about.purpose, _today())


def _called(card: UnitCard) -> str:
    return ", ".join(dict.fromkeys((card.organization_name, card.name)))


def _page(
    about: About,
    typed: Mapping[str, Any],
    wrong: Mapping[str, str],
    *,
    asking: Asking | None = None,
    moved: bool = False,
) -> str:
    """The form; with `asking`, what would leave, to be read before it does."""
    known, case, purpose = wiring(), about.case, about.purpose
    catalogue = known.rulebooks.current().catalogue
    with reading() as session:
        card = contact_card(session, case.contact_id) if case.contact_id else None
        files = files_of_case(session, case.id)
        mail = (
            message_for(session, known.settings.centre, catalogue, case, purpose, asking, known.clock.now())
            if asking
            else None
        )
    texts = (asking.place, asking.observed, asking.question) if asking else ()
    return render_template(
        "web/guests/ask.html",
        case=case,
        purpose=purpose,
        order=about.order,
        slug=next(slug for slug, one in SLUGS.items() if one is purpose),
        typed=defaultdict(str, {**typed, "seen_version": typed.get("seen_version") or str(case.version)}),
        wrong=defaultdict(str, wrong),
        choices=choices_for(about),
        category=_subject(case),
        legal_basis=LEGAL_BASIS,
        files=files,
        asking=asking,
        mail=mail,
        named=names_in(texts, card),
        moved=moved,
        now=known.clock.now(),
    )
