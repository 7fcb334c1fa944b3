"""T02: by any channel, the same demand gets the same category, service, priority and date."""

from __future__ import annotations

from datetime import timedelta

from crm.foundation import UnitOfWork
from tests.given import Town
from tests.intake.arriving import arrives, kept

CHANNELS = ("phone", "web", "email", "desk", "letter", "field", "sms", "social", "partner_api")


def test_the_channel_changes_nothing_of_what_is_promised(uow: UnitOfWork, town: Town) -> None:
    received = uow.now - timedelta(days=5)
    made = [kept(uow, arrives(uow, town.book, channel=way, received_at=received)) for way in CHANNELS]
    promised = {
        (case.category_code, case.unit_id, case.priority, case.due_at, case.announced_due_at) for case in made
    }
    assert len(promised) == 1
    assert [case.channel for case in made] == list(CHANNELS)
