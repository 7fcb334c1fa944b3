"""What a usager said they do not want goes nowhere, and says so; what is owed leaves whatever they said."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.contacts import REFUSABLE, Wishes, change_wishes
from crm.foundation import SYSTEM, EventRow, Units
from crm.interactions import KINDS, Interaction, SendingState, queue_message
from tests import given
from tests.interactions.exchanged import answer

# Owed whatever they said.
OWED = {
    "registration", "acknowledgement", "referral", "handover",  # the law
    "question", "answer", "delay", "reply_notice", "information", "too_big",  # their own demand
    "reach_changed", "reach_confirmation", "sms_refused", "sms_accepted",  # their own address
    "followed",  # the answer to « moi aussi »
}  # fmt: skip


@pytest.fixture
def refusing(units: Units) -> int:
    """Somebody who wants nothing that may be refused."""
    with units.begin(SYSTEM) as uow:
        who = given.contact(uow, email="awa@exemple.fr")
        change_wishes(uow, who, Wishes(no_surveys=True, no_steps=True, no_news=True), seen_version=1)
    return who


def _queued(units: Units, kind: str, contact_id: int, channel: str = "email") -> Interaction:
    with units.begin(SYSTEM) as uow:
        message_id = queue_message(uow, None, 0, answer(channel, kind=kind, contact_id=contact_id))
    with units.sessions() as session:
        return session.get_one(Interaction, message_id)


@pytest.mark.parametrize("channel", ["email", "letter", "phone"])
@pytest.mark.parametrize("kind", sorted(REFUSABLE))
def test_what_they_refused_is_kept_as_not_sent(units: Units, refusing: int, kind: str, channel: str) -> None:
    kept = _queued(units, kind, refusing, channel)
    assert (kept.state, kept.last_error) == (SendingState.CANCELLED, "unwanted")
    with units.reading() as session:
        named = EventRow.data["interaction_id"].as_integer() == kept.id
        assert list(session.scalars(sa.select(EventRow.kind).where(named))) == ["message.cancelled"]


@pytest.mark.parametrize("kind", sorted(OWED))
def test_what_is_owed_leaves_all_the_same(units: Units, refusing: int, kind: str) -> None:
    assert _queued(units, kind, refusing).state == SendingState.QUEUED


def test_each_refusal_stops_its_own_messages_alone(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        who = given.contact(uow, email="luc@exemple.fr")
        change_wishes(uow, who, Wishes(no_news=True), seen_version=1)
    assert _queued(units, "follower_news", who).state == SendingState.CANCELLED
    assert _queued(units, "secured", who).state == SendingState.QUEUED


def test_owed_and_refusable_are_two_and_both_have_words() -> None:
    assert OWED & REFUSABLE.keys() == set()
    assert (OWED | REFUSABLE.keys()) - {"survey"} <= KINDS.keys()
