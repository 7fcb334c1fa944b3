"""Exchanges of a case: kept whole, sent once, read by whom they concern."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from crm.foundation import RESIDENT, SYSTEM, Actor, Invalid, NotAllowed, NotFound, UnitOfWork, Units
from crm.interactions import (
    CHANNELS,
    KINDS,
    STATES,
    Direction,
    SendingState,
    Sent,
    add_note,
    calls_to_make,
    cancel_messages,
    exchanges,
    letters_to_print,
    mark_called,
    mark_printed,
    mark_sent,
    one_message,
    queue_message,
    record_interaction,
)
from tests.interactions.exchanged import CASE, REACH, answer, facts

ADVISOR = Actor(kind="agent", id=5, organization_id=2, roles=frozenset({"advisor"}))
TEAM_LEAD = Actor(
    kind="agent", id=6, organization_id=3, roles=frozenset({"team_lead"}), unit_ids=frozenset({1})
)
STRANGER = Actor(kind="agent", id=7, roles=frozenset({"team_lead"}), unit_ids=frozenset({2}))


@pytest.fixture
def advisor(units: Units) -> Iterator[UnitOfWork]:
    with units.begin(ADVISOR) as unit:
        yield unit


@pytest.mark.parametrize(
    ("channel", "state"),
    [("email", "queued"), ("sms", "queued"), ("letter", "to_print"), ("phone", "to_call")],
)
def test_an_answer_waits_for_its_channel(advisor: UnitOfWork, channel: str, state: str) -> None:
    message_id = queue_message(advisor, REACH, CASE, answer(channel))

    kept = one_message(advisor.session, message_id)
    assert (kept.state, kept.direction, kept.agent_id, kept.organization_id) == (state, "out", 5, 2)
    assert facts(advisor) == [
        ("message.queued", {"interaction_id": message_id, "channel": channel, "message_kind": "answer"})
    ]


def test_a_message_needs_somebody_and_something(advisor: UnitOfWork) -> None:
    with pytest.raises(Invalid) as refused:
        queue_message(advisor, REACH, CASE, answer("pigeon", recipient=" ", body="\x00"))

    assert refused.value.fields == {"channel": "unknown", "recipient": "required", "body": "required"}


def test_a_subject_cannot_smuggle_a_header(advisor: UnitOfWork) -> None:
    message_id = queue_message(advisor, REACH, CASE, answer(subject="Réponse\r\nBcc: tous@exemple.fr"))

    assert one_message(advisor.session, message_id).subject == "Réponse Bcc: tous@exemple.fr"


@pytest.mark.parametrize(
    ("actor", "kind", "allowed"),
    [
        (ADVISOR, "answer", True),
        (TEAM_LEAD, "answer", False),
        (TEAM_LEAD, "question", True),
        (TEAM_LEAD, "registration", True),
        (RESIDENT, "registration", True),
        (RESIDENT, "answer", False),
        (ADVISOR, "delay", False),
        (SYSTEM, "delay", True),
    ],
)
def test_who_may_write_what_to_a_resident(units: Units, actor: Actor, kind: str, allowed: bool) -> None:
    with units.begin(actor) as uow:
        if allowed:
            assert queue_message(uow, REACH, CASE, answer(kind=kind))
        else:
            with pytest.raises((NotAllowed, NotFound)):
                queue_message(uow, REACH, CASE, answer(kind=kind))


def test_a_note_is_never_public(advisor: UnitOfWork) -> None:
    note_id = add_note(advisor, REACH, CASE, "Usager très remonté")

    kept = one_message(advisor.session, note_id)
    assert (kept.is_public, kept.direction) == (False, "internal")
    assert exchanges(advisor.session, CASE, public_only=True) == []
    with pytest.raises(sa.exc.IntegrityError):
        advisor.session.execute(
            sa.text("UPDATE interactions SET is_public = true WHERE id = :id"), {"id": note_id}
        )
    advisor.session.rollback()


def test_a_case_out_of_reach_takes_no_note(units: Units) -> None:
    with units.begin(STRANGER) as uow, pytest.raises(NotFound):
        add_note(uow, REACH, CASE, "…")


def test_an_empty_note_is_refused(advisor: UnitOfWork) -> None:
    with pytest.raises(Invalid):
        add_note(advisor, REACH, CASE, " \x00 ")


def test_the_resident_reads_what_was_said_to_them_and_by_them(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        record_interaction(uow, None, CASE, channel="phone", kind="opening", body="Lampadaire éteint")
        add_note(uow, REACH, CASE, "à voir avec le concessionnaire")
        queue_message(uow, REACH, CASE, answer())
        cancel_messages(uow, REACH, CASE)
        queue_message(uow, REACH, CASE, answer(kind="question"))
        queue_message(uow, REACH, CASE, answer(is_public=False))
        record_interaction(uow, REACH, CASE + 1, channel="web", kind="precision", body="ailleurs")

    with units.begin(RESIDENT) as uow:
        record_interaction(uow, REACH, CASE, channel="web", kind="precision", body="Au n° 12")

    with units.reading() as session:
        assert [line.kind for line in exchanges(session, CASE, public_only=True)] == [
            "opening",
            "question",
            "precision",
        ]
        assert len(exchanges(session, CASE)) == 6
        assert [line.kind for line in exchanges(session, CASE, limit=2)] == ["answer", "precision"]


def test_what_happened_earlier_keeps_its_moment(advisor: UnitOfWork) -> None:
    yesterday = datetime(2026, 9, 14, 15, 30, tzinfo=UTC)

    letter = record_interaction(
        advisor, REACH, CASE, channel="letter", kind="message", body="…", occurred_at=yesterday
    )

    kept = one_message(advisor.session, letter)
    assert (kept.occurred_at, kept.state, kept.direction) == (yesterday, "received", "in")


def test_the_same_mail_received_twice_is_refused_by_the_database(uow: UnitOfWork) -> None:
    record_interaction(uow, REACH, CASE, channel="email", kind="message", external_id="abc")

    with pytest.raises(sa.exc.IntegrityError):
        record_interaction(uow, REACH, CASE, channel="email", kind="message", external_id="abc")
    uow.session.rollback()


def test_an_internal_exchange_cannot_be_made_public(uow: UnitOfWork) -> None:
    kept = record_interaction(
        uow, REACH, CASE, channel="phone", kind="call", body="entre nous", direction=Direction.INTERNAL
    )

    assert not one_message(uow.session, kept).is_public


def test_letters_are_printed_once_oldest_first(advisor: UnitOfWork) -> None:
    first, second = (queue_message(advisor, REACH, CASE, answer("letter")) for _ in range(2))
    mail = queue_message(advisor, REACH, CASE, answer("email"))

    assert [letter.id for letter in letters_to_print(advisor.session, ADVISOR)] == [first, second]
    assert mark_printed(advisor, [first, mail]) == [first]
    assert mark_printed(advisor, [first, second]) == [second]
    assert letters_to_print(advisor.session, ADVISOR) == []
    assert one_message(advisor.session, first).sent_at == advisor.now


def test_calls_come_in_the_order_promised(advisor: UnitOfWork) -> None:
    when = [None, datetime(2026, 9, 16, 9, tzinfo=UTC), datetime(2026, 9, 15, 14, tzinfo=UTC)]
    ids = [queue_message(advisor, REACH, CASE, answer("phone", promised_at=at)) for at in when]

    assert [call.id for call in calls_to_make(advisor.session, ADVISOR)] == [ids[2], ids[1], ids[0]]


def test_a_call_without_an_answer_stays_to_be_made(advisor: UnitOfWork) -> None:
    call = queue_message(advisor, REACH, CASE, answer("phone"))

    mark_called(advisor, call, "Messagerie pleine", reached=False)
    waiting = calls_to_make(advisor.session, ADVISOR)
    assert [(task.id, task.tries) for task in waiting] == [(call, 1)]

    mark_called(advisor, call, "Réponse donnée")
    assert calls_to_make(advisor.session, ADVISOR) == []
    with pytest.raises(NotFound):
        mark_called(advisor, call)
    notes = [line for line in exchanges(advisor.session, CASE) if line.direction == "internal"]
    assert [note.body for note in notes] == ["Messagerie pleine", "Réponse donnée"]
    assert [data["reached"] for kind, data in facts(advisor) if kind == "call.made"] == [False, True]


def test_who_neither_prints_nor_calls_sees_neither_list(units: Units) -> None:
    with units.reading() as session:
        for listing in (letters_to_print, calls_to_make):
            with pytest.raises(NotAllowed):
                listing(session, TEAM_LEAD)


def test_cancelling_holds_back_only_what_has_not_left(uow: UnitOfWork) -> None:
    sent, queued, letter, call = (
        queue_message(uow, REACH, CASE, answer(channel)) for channel in ("email", "sms", "letter", "phone")
    )
    mark_sent(uow, [Sent(sent)])

    assert cancel_messages(uow, REACH, CASE) == [queued, letter, call]
    assert one_message(uow.session, sent).state == SendingState.SENT


def test_a_long_or_hostile_text_is_kept_whole(advisor: UnitOfWork) -> None:
    text = "<script>\u202e=1+1🙂" + "é" * 300_000

    note_id = add_note(advisor, REACH, CASE, text + "\x00")

    assert one_message(advisor.session, note_id).body == text.replace("\u202e", "")


def test_every_state_has_words() -> None:
    assert set(STATES) == {str(state) for state in SendingState}
    assert {"email", "sms", "letter", "phone"} <= set(CHANNELS)
    assert {"answer", "question", "registration", "note"} <= set(KINDS)
