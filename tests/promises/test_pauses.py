"""What pauses a clock, told from what people did: a second question, one taken back, one that bounced."""

from __future__ import annotations

import sqlalchemy as sa

from crm.cases import Case, undo_act
from crm.foundation import SYSTEM
from crm.interactions import Interaction, NotSent, Sent, mark_refused, mark_sent
from crm.notifications import reach_otherwise
from crm.promises.facts import facts_of
from tests import given
from tests.acting import ending, message
from tests.promises.house import Promised, paris

HELD = 60  # seconds


def ask(promised: Promised, reference: str, *, held: int = 0) -> int:
    """A question is written; returns the message, which has not left."""
    with promised.units.reading() as session:
        who = session.scalars(sa.select(Case.contact_id).where(Case.reference == reference)).one()
    told = message("question", "Quel numéro ?", held_seconds=held, contact_id=who)
    promised.act(reference, "ask", message=told)
    return last_message(promised, reference)


def last_message(promised: Promised, reference: str) -> int:
    with promised.units.reading() as session:
        of_case = sa.select(sa.func.max(Interaction.id)).where(
            Interaction.case_id == promised.id_of(reference), Interaction.direction == "out"
        )
        return session.scalars(of_case).one()


def leaves(promised: Promised, message_id: int) -> None:
    with promised.units.begin(SYSTEM) as uow:
        assert mark_sent(uow, [Sent(message_id)]) == [message_id]
    promised.follow()


def asked(promised: Promised) -> str:
    """Received on Tuesday 15, due on Tuesday 22; taken in charge, and a question left on Thursday at nine."""
    reference = promised.open()
    promised.act(reference, "accept")
    promised.at("2026-09-17 09:00")
    leaves(promised, ask(promised, reference))
    return reference


def pauses(promised: Promised, reference: str) -> list[tuple[object, object]]:
    with promised.units.reading() as session:
        (facts,) = facts_of(session, [promised.id_of(reference)]).values()
    return [(one.since, one.until) for one in facts.pauses]


def test_a_second_question_goes_on_from_the_first_pause(promised: Promised) -> None:
    reference = asked(promised)
    promised.at("2026-10-02 08:00")
    leaves(promised, ask(promised, reference))
    first = (paris("2026-09-17 09:00"), paris("2026-10-02 08:00"))
    assert pauses(promised, reference) == [first, (paris("2026-10-02 08:00"), None)]
    assert promised.due_at(reference) > paris("2026-10-17 08:00")  # fifteen days more, and our own time left
    promised.at("2026-10-05 09:00")
    promised.act(reference, "reply")
    promised.follow()
    second = (paris("2026-10-02 08:00"), paris("2026-10-05 09:00"))
    assert pauses(promised, reference) == [first, second]


def test_a_second_question_that_leaves_once_work_goes_on_changes_nothing(promised: Promised) -> None:
    reference = asked(promised)
    promised.at("2026-09-18 09:00")
    late = ask(promised, reference)
    promised.at("2026-09-21 09:00")
    promised.act(reference, "reply")
    promised.follow()
    promised.at("2026-09-23 09:00")
    leaves(promised, late)
    assert pauses(promised, reference) == [(paris("2026-09-17 09:00"), paris("2026-09-21 09:00"))]


def test_a_second_question_taken_back_ends_nothing(promised: Promised) -> None:
    reference = asked(promised)
    promised.at("2026-09-21 09:00")
    held = ask(promised, reference, held=HELD)
    with promised.units.begin(SYSTEM) as uow:
        undo_act(uow, reference, held)
    promised.follow()
    assert pauses(promised, reference) == [(paris("2026-09-17 09:00"), None)]


def test_a_closing_answer_taken_back_gives_the_pause_again(promised: Promised) -> None:
    reference = promised.open()
    promised.at("2026-09-17 09:00")
    leaves(promised, ask(promised, reference))
    promised.at("2026-09-21 09:00")
    promised.act(reference, "close", ending=ending(answer=message(held_seconds=HELD)))
    promised.follow()
    assert pauses(promised, reference) == [(paris("2026-09-17 09:00"), paris("2026-09-21 09:00"))]
    with promised.units.begin(SYSTEM) as uow:
        undo_act(uow, reference, last_message(promised, reference))
    promised.follow()
    assert pauses(promised, reference) == [(paris("2026-09-17 09:00"), None)]


def test_a_reply_takes_nothing_in_charge(promised: Promised) -> None:
    reference = promised.open()
    leaves(promised, ask(promised, reference))
    promised.at("2026-09-16 09:00")
    promised.act(reference, "reply")
    promised.follow()
    assert promised.clocks(reference)["acceptance"].met_at is None
    promised.act(reference, "accept")
    promised.follow()
    assert promised.clocks(reference)["acceptance"].met_at == paris("2026-09-16 09:00")


def test_a_question_that_bounced_pauses_from_when_it_left_by_another_way(promised: Promised) -> None:
    with promised.units.begin(SYSTEM) as uow:
        who = given.contact(uow, phone="06 39 98 00 01")
    reference = promised.open(contact_id=who)
    promised.at("2026-09-17 09:00")
    lost = ask(promised, reference)
    leaves(promised, lost)
    promised.at("2026-09-17 11:00")
    with promised.units.begin(SYSTEM) as uow:
        mark_refused(uow, [NotSent(lost, "smtp_550")])
        again = reach_otherwise(uow, lost)
    promised.follow()
    assert again is not None and pauses(promised, reference) == []
    promised.at("2026-09-18 09:00")
    leaves(promised, again)
    assert pauses(promised, reference) == [(paris("2026-09-18 09:00"), None)]
    assert promised.due_at(reference) > paris("2026-10-03 00:00")


def test_two_addresses_refused_one_after_the_other_are_followed_to_the_end(promised: Promised) -> None:
    with promised.units.begin(SYSTEM) as uow:
        who = given.contact(uow, phone="06 39 98 00 01")
    reference = promised.open(contact_id=who)
    way = ask(promised, reference)
    for reason in ("smtp_550", "http_400"):
        with promised.units.begin(SYSTEM) as uow:
            mark_refused(uow, [NotSent(way, reason)])
            way = reach_otherwise(uow, way) or 0
    promised.at("2026-09-18 09:00")
    with promised.units.begin(SYSTEM) as uow:
        uow.session.execute(
            sa.update(Interaction).where(Interaction.id == way).values(state="called", sent_at=uow.now)
        )
    assert pauses(promised, reference) == [(paris("2026-09-18 09:00"), None)]


def test_what_went_to_another_body_waits_for_the_usager_no_more(promised: Promised) -> None:
    reference = asked(promised)
    promised.at("2026-09-21 09:00")
    promised.act(reference, "refer")
    assert pauses(promised, reference) == [(paris("2026-09-17 09:00"), paris("2026-09-21 09:00"))]
