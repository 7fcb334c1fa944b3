"""Exchanges of a case: kept whole, sent once, read by whom they concern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from crm.foundation import RESIDENT, SYSTEM, Actor, EventRow, Invalid, NotAllowed, NotFound, UnitOfWork, Units
from crm.interactions import (
    CHANNELS,
    KINDS,
    STATES,
    Direction,
    Message,
    NotSent,
    SendingState,
    Sent,
    add_note,
    begin_sending,
    calls_to_make,
    cancel_messages,
    exchanges,
    letters_to_print,
    mark_called,
    mark_failed,
    mark_printed,
    mark_refused,
    mark_sent,
    one_message,
    queue_message,
    record_interaction,
    unsent_count,
)

CASE = 41
DOMAIN = "metropole.example"


@dataclass(frozen=True)
class Reached:
    """A case entrusted to unit 1, in commune 99001."""

    unit_id: int | None = 1
    insee: str | None = "99001"
    origin_insee: str | None = None
    responsible_insee: str | None = None


REACH = Reached()
ADVISOR = Actor(kind="agent", id=5, organization_id=2, roles=frozenset({"advisor"}))
TEAM_LEAD = Actor(
    kind="agent", id=6, organization_id=3, roles=frozenset({"team_lead"}), unit_ids=frozenset({1})
)
STRANGER = Actor(kind="agent", id=7, roles=frozenset({"team_lead"}), unit_ids=frozenset({2}))


@pytest.fixture
def advisor(units: Units) -> Iterator[UnitOfWork]:
    with units.begin(ADVISOR) as unit:
        yield unit


def _answer(channel: str = "email", **given: object) -> Message:
    recipient = {"email": "aicha@exemple.fr", "sms": "+33612345678", "phone": "+33612345678"}
    told = {
        "kind": "answer",
        "recipient": recipient.get(channel, "Aïcha Diallo\n99100 Valbrune"),
        "body": "C’est fait.",
    }
    return Message(channel=channel, **{**told, **given})  # type: ignore[arg-type]


def _facts(uow: UnitOfWork) -> list[tuple[str, dict[str, object]]]:
    uow.write_events()
    rows = uow.session.execute(sa.select(EventRow.kind, EventRow.data).order_by(EventRow.id))
    return [(row.kind, row.data) for row in rows]


@pytest.mark.parametrize(
    ("channel", "state"),
    [("email", "queued"), ("sms", "queued"), ("letter", "to_print"), ("phone", "to_call")],
)
def test_an_answer_waits_for_its_channel(advisor: UnitOfWork, channel: str, state: str) -> None:
    message_id = queue_message(advisor, REACH, CASE, _answer(channel))

    kept = one_message(advisor.session, message_id)
    assert (kept.state, kept.direction, kept.agent_id, kept.organization_id) == (state, "out", 5, 2)
    assert unsent_count(advisor.session, CASE) == 1
    assert _facts(advisor) == [
        ("message.queued", {"interaction_id": message_id, "channel": channel, "message_kind": "answer"})
    ]


def test_a_message_needs_somebody_and_something(advisor: UnitOfWork) -> None:
    with pytest.raises(Invalid) as refused:
        queue_message(advisor, REACH, CASE, _answer("pigeon", recipient=" ", body="\x00"))

    assert refused.value.fields == {"channel": "unknown", "recipient": "required", "body": "required"}


def test_a_subject_cannot_smuggle_a_header(advisor: UnitOfWork) -> None:
    message_id = queue_message(advisor, REACH, CASE, _answer(subject="Réponse\r\nBcc: tous@exemple.fr"))

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
            assert queue_message(uow, REACH, CASE, _answer(kind=kind))
        else:
            with pytest.raises((NotAllowed, NotFound)):
                queue_message(uow, REACH, CASE, _answer(kind=kind))


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
        queue_message(uow, REACH, CASE, _answer())
        cancel_messages(uow, REACH, CASE)
        queue_message(uow, REACH, CASE, _answer(kind="question"))
        queue_message(uow, REACH, CASE, _answer(is_public=False))
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


def test_a_batch_is_tried_sent_and_never_given_again(uow: UnitOfWork) -> None:
    ids = [queue_message(uow, REACH, CASE, _answer()) for _ in range(3)]

    batch = begin_sending(uow, ids, mail_domain=DOMAIN)
    assert [message.id for message in batch] == ids
    assert all(m.message_id.startswith("<") and m.message_id.endswith(f"@{DOMAIN}>") for m in batch)
    assert mark_sent(uow, [Sent(ids[0], "prov-1"), Sent(ids[1])]) == ids[:2]
    assert mark_failed(uow, [NotSent(ids[2], "timeout")]) == ids[2:]

    again = begin_sending(uow, ids, mail_domain=DOMAIN)
    assert [(m.id, m.tries, m.message_id) for m in again] == [(ids[2], 2, batch[2].message_id)]
    assert mark_sent(uow, [Sent(message_id) for message_id in ids]) == ids[2:]
    assert begin_sending(uow, ids, mail_domain=DOMAIN) == []
    assert [kind for kind, _ in _facts(uow)].count("message.sent") == 3
    assert unsent_count(uow.session, CASE) == 0


def test_a_failure_is_seen_as_not_sent_yet(uow: UnitOfWork) -> None:
    message_id = queue_message(uow, REACH, CASE, _answer())
    mark_failed(uow, [NotSent(message_id, "ConnectionRefusedError")])

    kept = one_message(uow.session, message_id)
    assert STATES[kept.state].startswith("pas encore envoyé")
    assert (kept.last_error, unsent_count(uow.session, CASE)) == ("ConnectionRefusedError", 1)


@pytest.mark.parametrize("already_sent", [False, True])
def test_a_refusal_is_final_whether_at_once_or_returned(uow: UnitOfWork, already_sent: bool) -> None:
    message_id = queue_message(uow, REACH, CASE, _answer())
    if already_sent:
        mark_sent(uow, [Sent(message_id)])

    assert mark_refused(uow, [NotSent(message_id, "user_unknown")]) == [message_id]
    assert mark_refused(uow, [NotSent(message_id, "user_unknown")]) == []
    assert begin_sending(uow, [message_id], mail_domain=DOMAIN) == []
    assert mark_sent(uow, [Sent(message_id)]) == []
    assert _facts(uow)[-1][1]["reason"] == "user_unknown"


def test_nothing_to_mark_marks_nothing(uow: UnitOfWork) -> None:
    assert mark_sent(uow, []) == mark_failed(uow, []) == mark_refused(uow, []) == mark_printed(uow, []) == []


def test_letters_are_printed_once_oldest_first(advisor: UnitOfWork) -> None:
    first, second = (queue_message(advisor, REACH, CASE, _answer("letter")) for _ in range(2))
    mail = queue_message(advisor, REACH, CASE, _answer("email"))

    assert [letter.id for letter in letters_to_print(advisor.session, ADVISOR)] == [first, second]
    assert mark_printed(advisor, [first, mail]) == [first]
    assert mark_printed(advisor, [first, second]) == [second]
    assert letters_to_print(advisor.session, ADVISOR) == []
    assert one_message(advisor.session, first).sent_at == advisor.now


def test_calls_come_in_the_order_promised(advisor: UnitOfWork) -> None:
    when = [None, datetime(2026, 9, 16, 9, tzinfo=UTC), datetime(2026, 9, 15, 14, tzinfo=UTC)]
    ids = [queue_message(advisor, REACH, CASE, _answer("phone", promised_at=at)) for at in when]

    assert [call.id for call in calls_to_make(advisor.session, ADVISOR)] == [ids[2], ids[1], ids[0]]


def test_a_call_without_an_answer_stays_to_be_made(advisor: UnitOfWork) -> None:
    call = queue_message(advisor, REACH, CASE, _answer("phone"))

    mark_called(advisor, call, "Messagerie pleine", reached=False)
    waiting = calls_to_make(advisor.session, ADVISOR)
    assert [(task.id, task.tries) for task in waiting] == [(call, 1)]

    mark_called(advisor, call, "Réponse donnée")
    assert calls_to_make(advisor.session, ADVISOR) == []
    with pytest.raises(NotFound):
        mark_called(advisor, call)
    notes = [line for line in exchanges(advisor.session, CASE) if line.direction == "internal"]
    assert [note.body for note in notes] == ["Messagerie pleine", "Réponse donnée"]
    assert [data["reached"] for kind, data in _facts(advisor) if kind == "call.made"] == [False, True]


def test_who_neither_prints_nor_calls_sees_neither_list(units: Units) -> None:
    with units.reading() as session:
        for listing in (letters_to_print, calls_to_make):
            with pytest.raises(NotAllowed):
                listing(session, TEAM_LEAD)


def test_cancelling_holds_back_only_what_has_not_left(uow: UnitOfWork) -> None:
    sent, queued, letter, call = (
        queue_message(uow, REACH, CASE, _answer(channel)) for channel in ("email", "sms", "letter", "phone")
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
