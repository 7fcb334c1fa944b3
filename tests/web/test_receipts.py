"""What supervisors see of the law's receipts, what each case shows, and the page that an SMS leads to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import Case, case_by_id
from crm.deadlines import load_calendar
from crm.foundation import ROOT, SYSTEM, FrozenClock, Sessions, Units
from crm.foundation.settings import Centre
from crm.interactions import Interaction
from crm.notifications import Receipt, begin_receipts, note_what_left
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Told = Callable[..., str]
CENTRE = Centre(site_url="https://rivebois.example")
_CALENDAR = load_calendar(ROOT / "config" / "calendar.toml")


@pytest.fixture
def told(world: World, sessions: Sessions, clock: FrozenClock) -> Told:
    """A case opened, and what the programme does at once for its receipts."""

    def open_one(**given: object) -> str:
        reference = world.case(sessions, clock, **{"channel": "web", **given})
        with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
            case_id = uow.session.scalar(sa.select(Case.id).where(Case.reference == reference))
            begin_receipts(uow, CENTRE, _CALENDAR, case_by_id(uow.session, case_id or 0))
        return reference

    return open_one


def _token(sessions: Sessions, reference: str) -> str:
    with sessions() as session:
        of = sa.select(Receipt.token).join(Case, Case.id == Receipt.case_id)
        return session.scalars(of.where(Case.reference == reference)).one()


def test_a_supervisor_sees_what_is_at_risk_and_late_with_the_reason(
    log_in: Enter, told: Told, clock: FrozenClock
) -> None:
    reference = told()
    clock.at += timedelta(hours=3)
    browser = log_in("supervisor")
    page = browser.get("/console/accuses").text
    assert reference in page and "le serveur ne l’a pas encore pris" in page
    assert "Aucun accusé en retard." in page
    clock.at += timedelta(days=3)
    assert "Aucun accusé en retard." not in browser.get("/console/accuses").text


def test_what_left_in_time_is_on_no_list(
    log_in: Enter, told: Told, clock: FrozenClock, sessions: Sessions
) -> None:
    reference = told()
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Interaction).values(state="sent", sent_at=uow.now))
        note_what_left(uow)
    clock.at += timedelta(days=20)
    assert reference not in log_in("supervisor").get("/console/accuses").text


@pytest.mark.parametrize("who", ["advisor", "desk_agent", "team_lead"])
def test_the_list_is_a_supervisors(log_in: Enter, who: str) -> None:
    assert log_in(who).get("/console/accuses").status_code == 404


def test_the_copy_is_shown_with_its_fingerprint_and_a_copy_that_was_touched_says_so(
    log_in: Enter, told: Told, sessions: Sessions
) -> None:
    reference = told()
    browser = log_in("advisor")
    page = browser.get(f"/console/demandes/{reference}/accuses").text
    assert "intacte" in page and "Accusé de réception" in page and "4 quai des Forges" in page
    with sessions() as session:
        session.execute(sa.update(Receipt).values(body="Autre chose"))
        session.commit()
    assert "modifiée depuis l’envoi" in browser.get(f"/console/demandes/{reference}/accuses").text
    assert f"/console/demandes/{reference}/accuses" in browser.get(f"/console/demandes/{reference}").text


def test_an_abusive_sending_needs_a_motive_and_a_supervisor(
    log_in: Enter, told: Told, clock: FrozenClock
) -> None:
    reference = told()
    path = f"/console/demandes/{reference}/accuses/non-dus"
    assert log_in("advisor").post(path, motive="x").status_code == 404
    browser = log_in("supervisor")
    assert browser.post(path, motive=" ").status_code == 422
    assert browser.post(path, motive="Deux cents fois le même message").status_code == 303
    clock.at += timedelta(days=30)
    assert reference not in browser.get("/console/accuses").text
    assert "envoi jugé abusif." in browser.get(f"/console/demandes/{reference}").text


def test_the_page_of_a_receipt_says_it_word_for_word_and_leads_to_the_demand(
    stranger: Browser, told: Told, sessions: Sessions
) -> None:
    reference = told(answer_channel="sms")
    answer = stranger.get(f"/accuse/{_token(sessions, reference)}")
    assert answer.status_code == 200 and "noindex" in answer.headers["X-Robots-Tag"]
    assert "mardi 15 septembre 2026" in answer.text and "4 quai des Forges" in answer.text
    assert "/suivi/" in answer.text
    assert stranger.get("/accuse/" + "a" * 32).status_code == 404


def test_a_complaint_says_on_its_page_and_on_the_list_when_silence_refuses(
    log_in: Enter, told: Told, clock: FrozenClock
) -> None:
    reference = told(category_code="VOIR-09", kind="complaint")
    browser = log_in("supervisor")
    page = browser.get(f"/console/demandes/{reference}").text
    assert "Refus si nous ne répondons pas" in page and "15 novembre 2026" in page
    assert "Aucune décision par silence" in browser.get("/console/accuses").text
    clock.at += timedelta(days=47)  # fourteen days before
    assert "Aucune décision par silence" not in browser.get("/console/accuses").text
