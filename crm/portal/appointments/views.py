"""One appointment. The link is signed: whoever has the message has the appointment, and nothing else."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.appointments import (
    AppointmentCard,
    AppointmentState,
    SlotCard,
    appointment_by_id,
    appointment_signed,
    cancel_appointment,
    free_slots,
    invitation,
    move_appointment,
)
from crm.cases import case_by_id
from crm.channels import mail_domain
from crm.foundation import PARIS, RESIDENT, Conflict, IllegalStep, NotFound
from crm.http import dates, limiter, public, reading, unit_of_work, whole_number, wiring
from crm.http import gettext as _

bp = Blueprint("appointment", __name__, url_prefix="/rendez-vous")
_NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@bp.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    return _page(token), _NOT_INDEXED


@bp.get("/<token>/agenda.ics")
@public
def calendar(token: str) -> Response:
    """The same as in the message, for whoever reads it elsewhere."""
    card, known = _card(token), wiring()
    centre = known.settings.centre
    content = invitation(
        card,
        organizer=centre.name,
        title=_("Rendez-vous"),
        link=centre.site_url.rstrip("/") + url_for(".show", token=token),
        domain=mail_domain(known.settings.mail.sender),
        made_at=known.clock.now(),
    )
    headers = {**_NOT_INDEXED, "Content-Disposition": 'attachment; filename="rendez-vous.ics"'}
    return Response(content, mimetype="text/calendar", headers=headers)


@bp.post("/<token>/annuler")
@public
@limiter.limit("30 per hour")
def cancel(token: str) -> ResponseReturnValue:
    card = _card(token)
    try:
        with unit_of_work(RESIDENT) as uow:
            cancel_appointment(uow, card.id)
    except IllegalStep:
        return (
            _page(token, told=_("Ce rendez-vous ne peut plus être annulé ici : appelez-nous.")),
            409,
            _NOT_INDEXED,
        )
    return redirect(url_for(".show", token=token), 303)


@bp.post("/<token>/deplacer")
@public
@limiter.limit("30 per hour")
def move(token: str) -> ResponseReturnValue:
    card, slot_id = _card(token), whole_number(request.form.get("slot"))
    if slot_id is None or slot_id not in {slot.id for slot in _free(card)}:
        return _page(token, told=_("Ce moment n’est plus libre : choisissez-en un autre.")), 409, _NOT_INDEXED
    try:
        with unit_of_work(RESIDENT) as uow:
            move_appointment(uow, card.id, slot_id)
    except (Conflict, IllegalStep):
        return (
            _page(token, told=_("Ce moment vient d’être pris : choisissez-en un autre.")),
            409,
            _NOT_INDEXED,
        )
    return redirect(url_for(".show", token=token), 303)


def _card(token: str) -> AppointmentCard:
    """Raises NotFound: we did not sign it."""
    appointment_id = appointment_signed(wiring().settings.secret_key.get_secret_value(), token)
    if appointment_id is None:
        raise NotFound()
    with reading() as session:
        return appointment_by_id(session, appointment_id)


def _free(card: AppointmentCard) -> list[SlotCard]:
    """Of the same kind and by the same hosts: the rest is to be talked over."""
    with reading() as session:
        slots = free_slots(session, case_by_id(session, card.case_id), wiring().clock.now())
    same = (card.meeting, card.unit_id, card.insee)
    return [
        slot for slot in slots if (slot.meeting, slot.unit_id, slot.insee) == same and slot.id != card.slot_id
    ]


def _page(token: str, *, told: str = "") -> str:
    card, now = _card(token), wiring().clock.now()
    may_change = card.state is AppointmentState.BOOKED and card.starts_at > now
    return render_template(
        "portal/appointments/show.html",
        here="track",
        token=token,
        card=card,
        may_change=may_change,
        days=[(dates.full_day(day), list(some)) for day, some in groupby(_free(card), key=_day)]
        if may_change
        else [],
        told=told,
    )


def _day(slot: SlotCard) -> date:
    return slot.starts_at.astimezone(PARIS).date()
