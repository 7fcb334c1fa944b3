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

from crm.access import Permission, allows, require
from crm.attachments import files_of_case
from crm.cases import WITH_UNIT, CaseSheet, one_case, steps_from
from crm.contacts import contact_card
from crm.foundation import PARIS, Conflict, IllegalStep, Invalid, NotAllowed
from crm.guests import (
    CONTRACTOR,
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
from crm.http import needs, reading, reason, unit_of_work, whole_number, wiring
from crm.staff import UnitCard
from crm.web.cases.verbs import may_send
from crm.web.guests.blueprint import bp
from crm.web.guests.naming import names_in

SLUGS = {"transmission": Purpose.REFERRAL, "avis": Purpose.OPINION, "prestataire": Purpose.WORK}


@bp.get("/demandes/<reference:reference>/exterieur/<slug>")
@needs(Permission.GUEST_ASK, Permission.CASE_CLOSE)
def ask(reference: str, slug: str) -> str:
    case, purpose = _case(reference, slug)
    return _page(case, purpose, _first_words(case, purpose), {})


@bp.post("/demandes/<reference:reference>/exterieur/<slug>")
@needs(Permission.GUEST_ASK, Permission.CASE_CLOSE)
def send(reference: str, slug: str) -> ResponseReturnValue:
    """Read again before it leaves: « do » is preview, back or send."""
    case, purpose = _case(reference, slug)
    typed: dict[str, Any] = {**request.form.to_dict(), "files": request.form.getlist("files")}
    if typed.get("do") == "back":
        return _page(case, purpose, typed, {})
    try:
        asking = _asking(case, purpose, typed)
        if typed.get("do") != "send":
            return _page(case, purpose, typed, {}, asking=asking)
        _do(case, purpose, asking, whole_number(typed.get("seen_version")) or 0)
    except Invalid as refusal:
        wrong = {name: reason(code) for name, code in refusal.fields.items()}
        return _page(case, purpose, typed, wrong), 422
    except (Conflict, IllegalStep):
        return _page(_case(reference, slug)[0], purpose, typed, {}, moved=True), 409
    flash(_sent(purpose), "ok")
    return redirect(url_for("guests.of_case", reference=reference), 303)


def _sent(purpose: Purpose) -> str:
    return {
        Purpose.REFERRAL: _("Demande transmise. L’usager est prévenu, avec le nouveau contact."),
        Purpose.OPINION: _("Avis demandé. La réponse arrivera dans l’historique de la demande."),
        Purpose.WORK: _("Lien envoyé au prestataire."),
    }[purpose]


def _do(case: CaseSheet, purpose: Purpose, asking: Asking, seen: int) -> None:
    with unit_of_work() as uow:
        if purpose is Purpose.OPINION:
            ask_opinion(uow, case.reference, asking)
        elif purpose is Purpose.WORK:
            send_work(uow, case.reference, asking)
        else:
            book = wiring().rulebooks.current()
            refer_outside(uow, case.reference, asking, book=book, seen_version=seen)


def _case(reference: str, slug: str) -> tuple[CaseSheet, Purpose]:
    """Raises NotFound or NotAllowed."""
    purpose = SLUGS.get(slug) or abort(404)
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
    right = Permission.CASE_CLOSE if purpose is Purpose.REFERRAL else Permission.GUEST_ASK
    require(current_user.actor, right, case)
    if purpose is Purpose.REFERRAL and not may_send(case):
        raise NotAllowed(permission=Permission.CASE_COORDINATE)
    return case, purpose


@dataclass(frozen=True, slots=True)
class Offered:
    """One of the ways to ask outside, open to this agent on this case."""

    slug: str
    label: str
    hint: str


def offered(case: CaseSheet) -> list[Offered]:
    """What the case allows now."""
    actor, ways = current_user.actor, []
    verbs = {step.verb for step in steps_from(case.state, has_unit=case.unit_id is not None)}
    if "refer" in verbs and allows(actor, Permission.CASE_CLOSE, case) and may_send(case):
        hint = _("Un autre organisme est compétent : il reçoit la demande, l’usager sait à qui s’adresser.")
        ways.append(Offered("transmission", _("Transmettre"), hint))
    if case.closed_at is None and allows(actor, Permission.GUEST_ASK, case):
        hint = _("Un spécialiste, dans n’importe quelle administration, répond sans compte.")
        ways.append(Offered("avis", _("Demander un avis"), hint))
        if _contractor(case) is not None:
            hint = _("Il voit le travail, le date, et rend compte avec une photo.")
            ways.append(Offered("prestataire", _("Envoyer un lien au prestataire"), hint))
    return ways


def _contractor(case: CaseSheet) -> UnitCard | None:
    unit = wiring().rulebooks.units().get(case.unit_id or 0)
    at_work = case.state in WITH_UNIT
    return unit if at_work and unit is not None and unit.operation == CONTRACTOR else None


def choices_for(purpose: Purpose, case: CaseSheet) -> list[UnitCard]:
    """Who may be chosen rather than typed: of a referral, bodies that are not ours."""
    active = [card for card in wiring().rulebooks.units().values() if card.is_active]
    if purpose is Purpose.REFERRAL:
        return [card for card in active if card.operation in {"external", "concession"}]
    if purpose is Purpose.WORK:
        return [card for card in active if card.id == case.unit_id]
    return [card for card in active if card.email and card.id != case.unit_id]


def _first_words(case: CaseSheet, purpose: Purpose) -> dict[str, Any]:
    """What the agent corrects rather than types."""
    contractor = _contractor(case) if purpose is Purpose.WORK else None
    return {
        "unit_id": str(contractor.id) if contractor else "",
        "place": ", ".join(filter(None, (case.place_label, case.place_hint))),
        "observed": case.object,
        "due_on": usual_day(purpose, _today()).isoformat(),
        "seen_version": str(case.version),
        "files": [],
    }


def _subject(case: CaseSheet) -> str:
    """In French, whatever the agent reads in: it is kept, and read outside."""
    found = wiring().rulebooks.current().catalogue.category(case.category_code or "")
    return found.label if found else ""


def _today() -> date:
    return wiring().clock.now().astimezone(PARIS).date()


def _asking(case: CaseSheet, purpose: Purpose, typed: Mapping[str, Any]) -> Asking:
    """
    Raises:
        Invalid: not a day, or anything that would be refused when it is sent.
    """
    chosen = {card.id: card for card in choices_for(purpose, case)}.get(
        whole_number(typed.get("unit_id")) or 0
    )
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
        due_on=due_on,
        category=_subject(case),
        place=typed.get("place", ""),
        observed=typed.get("observed", ""),
        question=typed.get("question", ""),
        files=tuple(typed.get("files", ())),
        tells_usager="tells_usager" in typed,
    )
    with reading() as session:
        return checked(session, case, asking, purpose, _today())


def _called(card: UnitCard) -> str:
    return ", ".join(dict.fromkeys((card.organization_name, card.name)))


def _page(
    case: CaseSheet,
    purpose: Purpose,
    typed: Mapping[str, Any],
    wrong: Mapping[str, str],
    *,
    asking: Asking | None = None,
    moved: bool = False,
) -> str:
    """The form; with `asking`, what would leave, to be read before it does."""
    known = wiring()
    with reading() as session:
        card = contact_card(session, case.contact_id) if case.contact_id else None
        files = files_of_case(session, case.id)
        mail = (
            message_for(session, known.settings.centre, case, purpose, asking, known.clock.now())
            if asking
            else None
        )
    texts = (asking.place, asking.observed, asking.question) if asking else ()
    return render_template(
        "web/guests/ask.html",
        case=case,
        purpose=purpose,
        slug=next(slug for slug, one in SLUGS.items() if one is purpose),
        typed=defaultdict(str, {**typed, "seen_version": typed.get("seen_version") or str(case.version)}),
        wrong=defaultdict(str, wrong),
        choices=choices_for(purpose, case),
        category=_subject(case),
        legal_basis=LEGAL_BASIS,
        files=files,
        asking=asking,
        mail=mail,
        named=names_in(texts, card),
        moved=moved,
        now=known.clock.now(),
    )
