"""What we ask of the usager stops our delay: why, from when, until when, and how many times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState
from crm.contacts import declare_support
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.interactions import Interaction
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    return world.case(sessions, clock, CaseState.IN_PROGRESS)


def _ask(browser: Browser, sessions: Sessions, reference: str, **told: str) -> int:
    with sessions() as session:
        seen = session.scalars(sa.select(Case.version).where(Case.reference == reference)).one()
    form = {"seen_version": str(seen), "question": "Avez-vous le permis ?", **told}
    return browser.post(f"/console/demandes/{reference}/question", **form).status_code


def _leave(sessions: Sessions, clock: FrozenClock) -> None:
    """Every question that waits leaves now."""
    with sessions() as session:
        waiting = sa.update(Interaction).where(Interaction.kind == "question", Interaction.sent_at.is_(None))
        session.execute(waiting.values(state="sent", sent_at=clock.now()))
        session.commit()


def _page(browser: Browser, reference: str) -> str:
    return browser.get(f"/console/demandes/{reference}").text.replace("\xa0", " ")


def test_the_reason_is_chosen_and_the_pause_begins_when_the_question_left(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, reference: str
) -> None:
    lead = log_in("team_lead")
    assert 'value="document"' in _page(lead, reference)
    assert _ask(lead, sessions, reference, pause="document") == 303
    assert "Une pièce manquante. Le délai court encore : la question n’est pas partie." in _page(
        lead, reference
    )
    _leave(sessions, clock)
    shown = _page(lead, reference)
    assert "Délai en pause jusqu’au mercredi 30 septembre" in shown and "(pause 1 sur 2)" in shown
    assert "Une pièce manquante :" in lead.get(f"/console/demandes/{reference}/promesses").text.replace(
        "\u202f", " "
    )


def test_after_fifteen_days_and_the_third_time_the_delay_runs(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, reference: str
) -> None:
    lead = log_in("team_lead")
    for _ in range(3):
        _ask(lead, sessions, reference, pause="access")
        _leave(sessions, clock)
        shown = _page(lead, reference)
        clock.at += timedelta(hours=1)
        with sessions() as session:
            seen = session.scalars(sa.select(Case.version).where(Case.reference == reference)).one()
        lead.post(f"/console/demandes/{reference}/reprise", seen_version=str(seen))
    assert "Un accès ou une présence. Le délai court : deux pauses au plus." in shown


def test_fifteen_days_later_it_runs_again(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, reference: str
) -> None:
    lead = log_in("team_lead")
    _ask(lead, sessions, reference)
    _leave(sessions, clock)
    clock.at += timedelta(days=15)
    assert "Une précision. Le délai court de nouveau depuis le mercredi 30 septembre" in _page(
        lead, reference
    )


def test_a_question_that_came_back_or_left_too_late_stops_nothing(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, reference: str
) -> None:
    lead = log_in("team_lead")
    _ask(lead, sessions, reference)
    clock.at += timedelta(days=30)
    _leave(sessions, clock)
    assert "Le délai court : la date était passée quand la question est partie." in _page(lead, reference)
    with sessions() as session:
        session.execute(sa.update(Interaction).where(Interaction.kind == "question").values(state="refused"))
        session.commit()
    assert "Le délai court encore : la question n’est pas partie." in _page(lead, reference)


def test_a_reason_of_ones_own_is_refused_and_the_question_stays(
    log_in: Enter, sessions: Sessions, reference: str
) -> None:
    assert _ask(log_in("team_lead"), sessions, reference, pause="holidays") == 422


def test_no_reply_is_offered_and_accepted_by_one_rule_whoever_looks(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, units: Units
) -> None:
    """A service is not told which support the usager needs; the time they have is theirs all the same."""
    with units.begin(SYSTEM) as uow:
        who = given.contact(uow, phone="06 39 98 00 01")
        declare_support(uow, who, ["reading"])
    reference = world.case(sessions, clock, CaseState.IN_PROGRESS, contact_id=who)
    _ask(log_in("team_lead"), sessions, reference)
    _leave(sessions, clock)
    clock.at += timedelta(days=16)
    assert "Délai en pause jusqu’au jeudi 15 octobre" in _page(log_in("team_lead"), reference)
    _ask(log_in("team_lead"), sessions, reference)
    _leave(sessions, clock)
    clock.at += timedelta(days=16)

    def report() -> int:
        with sessions() as session:
            seen = session.scalars(sa.select(Case.version).where(Case.reference == reference)).one()
        form = {"seen_version": str(seen), "outcome": "A", "report": "Personne n’a répondu."}
        return log_in("team_lead").post(f"/console/demandes/{reference}/compte-rendu", **form).status_code

    assert 'value="A"' not in _page(log_in("team_lead"), reference) and report() == 422
    clock.at += timedelta(days=29)
    assert 'value="A"' in _page(log_in("team_lead"), reference) and report() == 303
