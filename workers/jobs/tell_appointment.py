"""Tells the usager of their appointment: taken, moved, tomorrow or off; with an entry for their calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from crm.appointments import (
    AppointmentCard,
    appointment_by_id,
    invitation,
    invitations,
    note_told,
    signed_appointment,
)
from crm.cases import case_by_id
from crm.channels import Enclosure, mail_domain
from crm.foundation import PARIS, UnitOfWork
from crm.interactions import MessageToSend, forget_call, queue_message
from crm.notifications import (
    Day,
    Hour,
    Value,
    Words,
    compose,
    compose_any_way,
    compose_call,
    have_it_said,
    may_leave,
)
from crm.wiring import Wiring
from workers.facts import Fact

_KINDS = {
    "appointment.booked": "appointment",
    "appointment.moved": "appointment",
    "appointment.near": "appointment_reminder",
    "appointment.cancelled": "appointment_off",
}
_MEETINGS = {
    "office": Words("sur place", "at our office"),
    "phone": Words("par téléphone : nous vous appelons", "by telephone: we call you"),
    "video": Words("en visioconférence", "by video call"),
    "on_site": Words("chez vous ou sur les lieux", "at your home or on the spot"),
}


def tell_appointment(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """By the channel of the demand; whoever chose the telephone is called, unless they were told aloud."""
    card = appointment_by_id(uow.session, int(fact.data["appointment_id"]))
    case = case_by_id(uow.session, card.case_id)
    if card.told_id is not None:
        forget_call(uow, case, card.told_id)  # of how it stood before
    said: dict[str, str | Value] = {
        "appointment_day": Day(card.starts_at),
        "appointment_hour": Hour(card.starts_at),
        "appointment_how": _MEETINGS[card.meeting],
        "appointment_place": card.place,
        "appointment_link": link_of(wired, card),
    }
    centre, kind = wired.settings.centre, _KINDS[fact.kind]
    message = compose(uow.session, centre, case, kind, uow.now, also=said)
    aloud = {**said, "appointment_link": ""}  # nobody reads a link out
    if message is None and not fact.data.get("said_aloud"):
        if may_leave(case, kind):
            message = compose_any_way(uow.session, centre, case, kind, uow.now, extra=aloud, channel="phone")
        else:
            call = compose_call(uow.session, centre, case, kind, uow.now, also=aloud, any_way=True)
            if told := have_it_said(uow, case, call):
                note_told(uow, card.id, told)
    if message is not None:
        note_told(uow, card.id, queue_message(uow, case, case.id, message))


def link_of(wired: Wiring, card: AppointmentCard) -> str:
    token = signed_appointment(wired.settings.secret_key.get_secret_value(), card.id)
    return f"{wired.settings.centre.site_url.rstrip('/')}/rendez-vous/{token}"


def enclosures(wired: Wiring, session: Session, messages: Sequence[MessageToSend]) -> Mapping[int, Enclosure]:
    """Message's id → the calendar entry that goes with it, for those that carry one."""
    ids = [one.id for one in messages if one.channel == "email" and one.kind.startswith("appointment")]
    return {
        message_id: Enclosure(
            name="rendez-vous.ics",
            mime="text/calendar",
            content=invitation(
                card,
                organizer=wired.settings.centre.name,
                title="Rendez-vous",
                link=link_of(wired, card),
                domain=mail_domain(wired.settings.mail.sender),
                made_at=wired.clock.now().astimezone(PARIS),
            ),
        )
        for message_id, card in invitations(session, ids).items()
    }
