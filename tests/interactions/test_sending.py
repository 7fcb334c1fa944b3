"""Messages on their way: tried, sent, failed or refused, each fact once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from crm.foundation import UnitOfWork
from crm.interactions import (
    STATES,
    NotSent,
    Sent,
    begin_sending,
    mark_failed,
    mark_printed,
    mark_refused,
    mark_sent,
    one_message,
    queue_message,
)
from tests.interactions.exchanged import CASE, REACH, answer, facts

DOMAIN = "metropole.example"


def _named(interaction_id: int) -> str:
    return f"<{interaction_id}.{uuid4()}@{DOMAIN}>"


def test_a_batch_is_tried_sent_and_never_given_again(uow: UnitOfWork) -> None:
    ids = [queue_message(uow, REACH, CASE, answer()) for _ in range(3)]

    batch = begin_sending(uow, ids, name=_named)
    assert [message.id for message in batch] == ids
    assert all(m.message_id.startswith("<") and m.message_id.endswith(f"@{DOMAIN}>") for m in batch)
    assert mark_sent(uow, [Sent(ids[0], "prov-1"), Sent(ids[1])]) == ids[:2]
    assert mark_failed(uow, [NotSent(ids[2], "timeout")]) == ids[2:]

    again = begin_sending(uow, ids, name=_named)
    assert [(m.id, m.tries, m.message_id) for m in again] == [(ids[2], 2, batch[2].message_id)]
    assert mark_sent(uow, [Sent(message_id) for message_id in ids]) == ids[2:]
    assert begin_sending(uow, ids, name=_named) == []
    assert [kind for kind, _ in facts(uow)].count("message.sent") == 3
    assert {one_message(uow.session, message_id).state for message_id in ids} == {"sent"}


def test_a_failure_is_seen_as_not_sent_yet(uow: UnitOfWork) -> None:
    message_id = queue_message(uow, REACH, CASE, answer())
    mark_failed(uow, [NotSent(message_id, "ConnectionRefusedError")])

    kept = one_message(uow.session, message_id)
    assert STATES[kept.state].startswith("pas encore envoyé")
    assert kept.last_error == "ConnectionRefusedError"


@pytest.mark.parametrize("already_sent", [False, True])
def test_a_refusal_is_final_whether_at_once_or_returned(uow: UnitOfWork, already_sent: bool) -> None:
    message_id = queue_message(uow, REACH, CASE, answer())
    if already_sent:
        mark_sent(uow, [Sent(message_id)])

    assert mark_refused(uow, [NotSent(message_id, "user_unknown")]) == [message_id]
    assert mark_refused(uow, [NotSent(message_id, "user_unknown")]) == []
    assert begin_sending(uow, [message_id], name=_named) == []
    assert mark_sent(uow, [Sent(message_id)]) == []
    assert facts(uow)[-1][1]["reason"] == "user_unknown"


def test_nothing_to_mark_marks_nothing(uow: UnitOfWork) -> None:
    assert mark_sent(uow, []) == mark_failed(uow, []) == mark_refused(uow, []) == mark_printed(uow, []) == []
