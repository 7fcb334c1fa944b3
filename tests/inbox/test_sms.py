"""A text message joins the one demand it can be about, or waits for a person; receipts find their message."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, Rulebook
from crm.foundation import SYSTEM, FrozenClock, Unavailable, Units
from crm.interactions import Interaction, Message, SendingState, Sent, begin_sending, mark_sent, queue_message
from tests import given
from tests.inbox.texting import NUMBER, told


@pytest.fixture
def book(units: Units) -> Rulebook:
    with units.begin(SYSTEM) as uow:
        return given.town(uow).book


def _case(units: Units, book: Rulebook) -> str:
    with units.begin(SYSTEM) as uow:
        contact_id = given.contact(uow, phone="06 39 98 00 01")
        return given.open_case(uow, book, CaseState.ASSIGNED, contact_id=contact_id, answer_channel="sms")


def _texted(units: Units, reference: str, provider_id: str = "p1") -> int:
    """An SMS of ours left about this demand."""
    with units.begin(SYSTEM) as uow:
        case_id = uow.session.scalar(sa.select(Case.id).where(Case.reference == reference))
        message = Message(kind="delay", channel="sms", recipient=NUMBER, body="Nouvelle date : le 20.")
        sent = queue_message(uow, None, case_id or 0, message)
        mark_sent(uow, [Sent(sent, provider_id)])
    return sent


def _message(units: Units, interaction_id: int) -> Interaction:
    with units.sessions() as session:
        return session.get_one(Interaction, interaction_id)


def _reply(units: Units, **more: object) -> tuple[str | None, str | None, int | None]:
    said = {"type": "message", "id": "m1", "from": "0639980001", "to": "38000", "text": "Merci, à jeudi"}
    row = told(units, **{**said, **more})
    return row.outcome, row.reason, row.interaction_id


def test_a_reply_joins_the_only_demand_we_texted_about(units: Units, book: Rulebook) -> None:
    reference = _case(units, book)
    _texted(units, reference)
    outcome, _reason, interaction_id = _reply(units)
    assert outcome == "reply" and interaction_id is not None
    kept = _message(units, interaction_id)
    assert (kept.channel, kept.body, kept.is_public) == ("sms", "Merci, à jeudi", True)
    with units.sessions() as session:
        case = session.get_one(Case, kept.case_id)
    assert case.reference == reference and case.message_waiting_since is not None


def test_between_two_demands_a_person_chooses(units: Units, book: Rulebook) -> None:
    for _ in range(2):
        _texted(units, _case(units, book))
    assert _reply(units)[:2] == ("waiting", "several_demands")


def test_a_number_we_never_texted_or_long_ago_waits_for_a_person(
    units: Units, clock: FrozenClock, book: Rulebook
) -> None:
    _texted(units, _case(units, book))
    assert _reply(units, **{"from": "0639980099"})[:2] == ("waiting", "no_demand_known")
    clock.at += timedelta(days=31)
    assert _reply(units, id="m2")[:2] == ("waiting", "no_demand_known")
    assert _reply(units, id="m3", **{"from": "BANQUE"})[:2] == ("waiting", "hidden_number")


def test_the_same_message_told_again_is_one(units: Units, book: Rulebook) -> None:
    _texted(units, _case(units, book))
    first, again = _reply(units), _reply(units)
    assert first == again
    with units.sessions() as session:
        came = sa.select(sa.func.count()).where(Interaction.body == "Merci, à jeudi")
        assert session.scalar(came) == 1


def test_what_was_delivered_says_when_even_if_told_late_or_twice(units: Units, book: Rulebook) -> None:
    sent = _texted(units, _case(units, book))
    told(units, type="receipt", id="p1", state="failed", reason="absent")
    assert _message(units, sent).state == SendingState.REFUSED
    assert _message(units, sent).last_error == "absent"
    row = told(units, type="receipt", id="p1", state="delivered", at="2026-09-15T07:59:00Z")
    assert (row.outcome, row.interaction_id) == ("receipt", sent)
    assert _message(units, sent).state == SendingState.SENT
    assert _message(units, sent).delivered_at == units.clock.now() - timedelta(minutes=1)


def test_a_failure_told_after_the_delivery_is_not_believed(units: Units, book: Rulebook) -> None:
    sent = _texted(units, _case(units, book))
    told(units, type="receipt", id="p1", state="delivered")
    told(units, type="receipt", id="p1", state="failed", reason="expired")
    assert _message(units, sent).state == SendingState.SENT


def test_a_receipt_that_runs_ahead_of_our_own_note_is_read_again_later(
    units: Units, clock: FrozenClock, book: Rulebook
) -> None:
    with pytest.raises(Unavailable):
        told(units, type="receipt", id="p9", state="delivered")
    sent = _texted(units, _case(units, book), provider_id="p9")
    assert told(units, type="receipt", id="p9", state="delivered").interaction_id == sent
    with pytest.raises(Unavailable):
        told(units, type="receipt", id="nobody", state="delivered")
    clock.at += timedelta(minutes=3)
    row = told(units, type="receipt", id="nobody", state="delivered")
    assert (row.outcome, row.reason) == ("discarded", "unknown_message")


def test_our_own_id_in_the_receipt_is_enough(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        message = Message(kind="delay", channel="sms", recipient=NUMBER, body="Nouvelle date.")
        queued = queue_message(uow, None, 0, message)
        begin_sending(uow, [queued], name=lambda one: f"<{one}@ici>")
    told(units, type="receipt", id="p7", ref=str(queued), state="delivered")
    assert _message(units, queued).delivered_at is not None


@pytest.mark.parametrize("said", [{"type": "message", "id": "1", "text": " "}, {"type": "autre"}, {"a": 1}])
def test_what_cannot_be_read_waits_for_a_person(units: Units, said: dict[str, str]) -> None:
    assert told(units, **said).outcome == "waiting"
