"""Propose a moment, take it, move it, cancel it, say whether they came."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, allows, require
from crm.appointments import (
    AppointmentCard,
    AppointmentState,
    SlotCard,
    appointment_by_id,
    appointments_of_case,
    appointments_on,
    book_appointment,
    cancel_appointment,
    free_slots,
    move_appointment,
    note_presence,
)
from crm.cases import CaseSheet, known_contacts, one_case
from crm.contacts import contact_cards, masked, support_needs
from crm.foundation import Conflict, IllegalStep, NotFound, UnitOfWork
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, whole_number, wiring
from crm.http.dates import full_day, hour, today
from crm.staff import agent_names
from crm.web.appointments.blueprint import bp
from crm.web.contacts.saying import needs_said
from crm.web.explaining import category_label, category_labels, commune_names, unit_name


@bp.get("/demandes/<reference:reference>/rendez-vous")
@needs(Permission.APPOINTMENT_BOOK)
def choose(reference: str) -> str:
    return _page(reference)


@bp.post("/demandes/<reference:reference>/rendez-vous")
@needs(Permission.APPOINTMENT_BOOK)
def book(reference: str) -> ResponseReturnValue:
    """Taken, or the page again with what is left: somebody was quicker."""
    slot_id, moved = whole_number(request.form.get("slot")), whole_number(request.form.get("moved"))
    said_aloud = request.form.get("said_aloud") == "1"
    if slot_id is None:
        return _page(reference, wrong={"slot": _("Choisissez un moment.")}), 422
    try:
        with unit_of_work() as uow:
            if moved is not None:
                _of_case(uow, reference, moved)
                move_appointment(uow, moved, slot_id, said_aloud=said_aloud)
            else:
                key = request.form.get("key") or secrets.token_urlsafe(18)
                book_appointment(uow, reference, slot_id, key=key, said_aloud=said_aloud)
    except (Conflict, IllegalStep):
        told = _("Ce moment vient d’être pris, ou n’est plus proposé. Choisissez-en un autre.")
        return _page(reference, wrong={"slot": told}), 409
    flash(_taken(reference, said_aloud=said_aloud), "ok")
    return redirect(url_for(".choose", reference=reference), 303)


def _taken(reference: str, *, said_aloud: bool) -> str:
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
    if said_aloud:
        return _("Rendez-vous pris, et dit à l’usager.")
    if case.answer_channel == "phone":
        return _("Rendez-vous pris. Un rappel est à faire pour le dire à l’usager.")
    if case.answer_channel == "none":
        return _("Rendez-vous pris. Rien ne part : dites à l’usager le moment et le lieu.")
    return _("Rendez-vous pris. L’usager reçoit sa confirmation par le canal de sa demande.")


def _of_case(uow: UnitOfWork, reference: str, appointment_id: int) -> None:
    """An appointment of another case is none here."""
    if appointment_by_id(uow.session, appointment_id).reference != reference:
        raise NotFound(appointment=appointment_id)


def _page(reference: str, **more: Any) -> str:
    now = wiring().clock.now()
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        require(current_user.actor, Permission.APPOINTMENT_BOOK, case)
        slots = free_slots(session, case, now)
        taken = appointments_of_case(session, case.id)
        names = agent_names(session, {one.agent_id for one in taken if one.agent_id is not None})
        needed = allows(current_user.actor, Permission.CONTACT_VIEW, case) and case.contact_id is not None
        needs_told = needs_said(support_needs(session, case.contact_id)) if needed and case.contact_id else []
    moved = whole_number(request.values.get("deplacer") or request.form.get("moved"))
    return render_template(
        "web/appointments/choose.html",
        **{"wrong": {}, **more},
        case=case,
        category_label=category_label(case.category_code),
        days=[(full_day(day), list(some)) for day, some in groupby(slots, key=_day)],
        taken=taken,
        moved=moved if moved in {one.id for one in taken} else None,
        names=names,
        whose=whose,
        needs=needs_told,
        channel=case.answer_channel,
        said_aloud=request.form.get("said_aloud") == "1",
        key=request.form.get("key") or secrets.token_urlsafe(18),
        chosen=request.form.get("slot", ""),
        now=now,
        opens=url_for(".slots"),
    )


def _day(slot: SlotCard) -> date:
    return slot.starts_at.astimezone(wiring().rulebooks.calendar().time_zone).date()


def whose(unit_id: int | None, insee: str | None) -> str:
    """« Éclairage public », « Mairie de Rivebois »"""
    return unit_name(unit_id) if unit_id is not None else commune_names().get(insee or "", "")


@bp.post("/rendez-vous/<int:appointment_id>/annulation")
@needs(Permission.APPOINTMENT_BOOK)
def cancel(appointment_id: int) -> ResponseReturnValue:
    return _act(
        appointment_id,
        lambda uow: cancel_appointment(uow, appointment_id),
        _off,
    )


def _off(case: CaseSheet) -> str:
    if case.answer_channel == "none":
        return _("Rendez-vous annulé. Rien ne part : dites-le à l’usager.")
    if case.answer_channel == "phone":
        return _("Rendez-vous annulé. Un rappel est à faire pour le dire à l’usager.")
    return _("Rendez-vous annulé. L’usager est prévenu.")


@bp.post("/rendez-vous/<int:appointment_id>/presence")
@needs(Permission.APPOINTMENT_BOOK)
def presence(appointment_id: int) -> ResponseReturnValue:
    came = request.form.get("came") == "1"
    return _act(
        appointment_id,
        lambda uow: note_presence(uow, appointment_id, came=came),
        lambda _case: _("Présence notée.") if came else _("Absence notée."),
    )


def _act(
    appointment_id: int, act: Callable[[UnitOfWork], None], told: Callable[[CaseSheet], str]
) -> ResponseReturnValue:
    with reading() as session:
        card = appointment_by_id(session, appointment_id)
        case = one_case(session, current_user.actor, card.reference)
    try:
        with unit_of_work() as uow:
            act(uow)
    except IllegalStep:
        flash(_("Ce n’est plus possible : regardez où en est ce rendez-vous."), "warn")
    else:
        flash(told(case), "ok")
    if request.form.get("from") == "day":
        return redirect(url_for(".day", jour=f"{_local_day(card.starts_at):%Y-%m-%d}"), 303)
    return redirect(url_for(".choose", reference=card.reference), 303)


def _local_day(at: Any) -> date:
    found: date = at.astimezone(wiring().rulebooks.calendar().time_zone).date()
    return found


@bp.get("/rendez-vous")
@needs(Permission.APPOINTMENT_BOOK)
def day() -> str:
    """Who comes that day, and whether they came."""
    shown = _asked_day()
    with reading() as session:
        cards = appointments_on(session, current_user.actor, shown)
        names = agent_names(session, {card.agent_id for card in cards if card.agent_id is not None})
        people = _people(session, cards)
    return render_template(
        "web/appointments/day.html",
        day=full_day(shown),
        people=people,
        subject=category_labels(),
        cards=cards,
        names=names,
        whose=whose,
        hour=hour,
        now=wiring().clock.now(),
        before=f"{shown - timedelta(days=1):%Y-%m-%d}",
        after=f"{shown + timedelta(days=1):%Y-%m-%d}",
        missed=sum(card.state is AppointmentState.MISSED for card in cards),
    )


def _people(session: Session, cards: Sequence[AppointmentCard]) -> dict[int, str]:
    """Contact's id → name, shortened for whoever may not know them."""
    asked = sorted({card.contact_id for card in cards if card.contact_id is not None})
    known = known_contacts(session, current_user.actor, asked)
    found = contact_cards(session, asked)
    return {id_: (one if id_ in known else masked(one)).display_name for id_, one in found.items()}


def _asked_day() -> date:
    try:
        return date.fromisoformat(request.args.get("jour", ""))
    except ValueError:
        return today()
