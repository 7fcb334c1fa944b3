"""What leaves for people outside, by itself: the mail of a link, one reminder, one word of silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState
from crm.foundation import SYSTEM, Delivery, EventRow, FrozenClock
from crm.guests import PLACE, GuestSheet, one_link, refer_outside
from crm.guests.models import GuestLink, GuestMessage
from crm.interactions import Interaction
from crm.knowledge.models import ReplyTemplateRow
from crm.promises.models import Notice
from crm.wiring import Wiring
from tests import given
from tests.acting import version
from tests.guests.outside import asked, asking, referred
from workers.guests import watch_guests
from workers.jobs.run import do_deliveries

_TEXTS = {
    "handover": "{organization} {guest_link}",
    "opinion_request": "{organization} {guest_link}",
    "guest_reminder": "{guest_link}",
    "opinion_late": "{reference}",
    "referral": "{organization} {unit_email}",
}


def _asked(held: Wiring, *, usager: bool = False, **told: Any) -> GuestSheet:
    with held.units.begin(SYSTEM) as uow:
        town = given.town(uow)
        for kind, body in _TEXTS.items():
            uow.session.add(ReplyTemplateRow(message=kind, subject="s", body=body))
        if usager:
            opened = {"contact_id": given.contact(uow), "answer_channel": "email"}
            reference = given.open_case(uow, town.book, CaseState.REGISTERED, **opened)
            return referred(uow, town, reference, **told)
        return asked(uow, town, **told)


def _work(held: Wiring) -> None:
    with held.units.reading() as session:
        ids = list(session.scalars(sa.select(Delivery.id).where(Delivery.job != "send_message")))
    do_deliveries(held, ids)


def _out(held: Wiring) -> list[tuple[str, str]]:
    with held.units.reading() as session:
        rows = session.execute(
            sa.select(Interaction.kind, Interaction.body)
            .where(Interaction.direction == "out", Interaction.kind.in_(_TEXTS))
            .order_by(Interaction.id)
        )
        return [(row.kind, row.body) for row in rows]


def _facts(held: Wiring, kind: str) -> int:
    with held.units.reading() as session:
        return session.scalar(sa.select(sa.func.count()).where(EventRow.kind == kind)) or 0


def test_the_text_kept_of_an_invitation_holds_no_key(held: Wiring) -> None:
    link = _asked(held)
    _work(held)
    ((kind, body),) = _out(held)
    assert kind == "opinion_request" and body.endswith(f"/invite/{PLACE}")
    with held.units.reading() as session:
        assert session.scalars(sa.select(GuestMessage.link_id)).all() == [link.id]
        assert one_link(session, link.id).invited_at is not None


def test_a_referral_by_hand_tells_the_body_and_the_usager_to_whom(held: Wiring) -> None:
    _asked(held, usager=True)
    _work(held)
    told = dict(_out(held))
    assert told["handover"].startswith("Eaux de la Haute-Rive http")
    assert told["referral"] == "Eaux de la Haute-Rive n.ferrand@eaux.example"


def test_reminded_once_then_said_silent_once(held: Wiring, clock: FrozenClock) -> None:
    link = _asked(held)
    _work(held)
    watch_guests(held)
    assert len(_out(held)) == 1, "seven days ahead"
    clock.at += timedelta(days=5)
    for _ in range(2):
        watch_guests(held)
    assert [kind for kind, _ in _out(held)] == ["opinion_request", "guest_reminder"]
    clock.at += timedelta(days=3)
    for _ in range(2):
        watch_guests(held)
    assert _facts(held, "guest.overdue") == 1
    assert len(_out(held)) == 2, "the usager is told nothing"
    with held.units.reading() as session:
        assert one_link(session, link.id).is_late(clock.at)


def test_supervisors_are_rung_once_when_a_body_lets_its_day_pass(held: Wiring, clock: FrozenClock) -> None:
    with held.units.begin(SYSTEM) as uow:
        given.agent(uow, "supervisor")
    _asked(held)  # an opinion: whoever asked sees to it
    with held.units.begin(SYSTEM) as uow:
        reference = uow.session.scalars(sa.select(Case.reference)).one()
        book = given.rulebook(uow)
        refer_outside(uow, reference, asking(uow), book=book, seen_version=version(uow, reference))
    clock.at += timedelta(days=8)
    for _ in range(2):
        watch_guests(held)
    with held.units.reading() as session:
        assert session.scalars(sa.select(Notice.kind)).all() == ["referral_silent"]


@pytest.mark.parametrize("ticked", [True, False])
def test_the_usager_is_told_of_a_delay_only_if_it_was_ticked(
    held: Wiring, clock: FrozenClock, ticked: bool
) -> None:
    link = _asked(held, tells_usager=ticked)
    with held.units.begin(SYSTEM) as uow:
        to_tell = sa.update(Case).where(Case.id == link.case_id)
        uow.session.execute(to_tell.values(contact_id=given.contact(uow), answer_channel="email"))
    clock.at += timedelta(days=9)
    watch_guests(held)
    watch_guests(held)
    assert [kind for kind, _ in _out(held)].count("opinion_late") == ticked
    assert link.tells_usager is ticked


def test_who_has_answered_or_was_withdrawn_is_left_in_peace(held: Wiring, clock: FrozenClock) -> None:
    link = _asked(held)
    with held.units.begin(SYSTEM) as uow:
        uow.session.execute(sa.update(GuestLink).where(GuestLink.id == link.id).values(ended_at=uow.now))
    _work(held)
    clock.at += timedelta(days=9)
    watch_guests(held)
    assert _out(held) == [] and _facts(held, "guest.overdue") == 0
