"""From the console: ask, read it again, send; what waits and what came back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.foundation import SYSTEM, Delivery, EventRow, FrozenClock, Sessions, Units
from crm.guests.models import GuestLink
from crm.reactions import REACTIONS
from crm.staff import Unit
from tests.acting import act
from tests.given import kept_case
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
TYPED = {
    "organization": "Eaux de la Haute-Rive",
    "email": "n.ferrand@eaux.example",
    "place": "rue des Lilas",
    "observed": "L’eau affleure par temps sec.",
    "question": "Est-ce votre conduite ?",
    "due_on": "2026-09-25",
    "unit_id": "",
}


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Callable[..., str]:
    return lambda *state, **told: world.case(sessions, clock, *state, **told)


def _page(reference: str, slug: str = "") -> str:
    return f"/console/demandes/{reference}/exterieur{f'/{slug}' if slug else ''}"


def test_an_opinion_is_asked_of_the_demand_whatever_the_address_says(
    log_in: Enter, opened: Callable[..., str], sessions: Sessions, world: World
) -> None:
    reference = opened(CaseState.IN_PROGRESS)
    order = {"unit_id": world.services["eclairage"], "work": "Couper le courant du mât.", "key": "k" * 24}
    assert (
        log_in("team_lead").post(f"/console/demandes/{reference}/interventions", **order).status_code == 303
    )
    browser, page = log_in("advisor"), f"{_page(reference, 'avis')}?intervention=1"
    assert "Couper le courant" not in browser.get(page).text
    assert browser.post(page, **TYPED, do="send").status_code == 303
    with sessions() as session:
        assert session.scalars(sa.select(GuestLink.order_id)).one() is None


def test_read_again_then_sent_and_the_job_is_due(
    log_in: Enter, opened: Callable[..., str], sessions: Sessions
) -> None:
    reference = opened(CaseState.IN_PROGRESS)
    browser = log_in("advisor")
    read = browser.post(_page(reference, "avis"), **TYPED, do="preview")
    assert read.status_code == 200 and "La page qu’ouvre le lien" in read.text
    assert "[lien personnel]" in read.text and "Est-ce votre conduite ?" in read.text
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(GuestLink)) == 0, "nothing has left"
    sent = browser.post(_page(reference, "avis"), **TYPED, do="send")
    assert (sent.status_code, sent.location) == (303, _page(reference))
    shown = browser.get(_page(reference))
    assert "Eaux de la Haute-Rive" in shown.text and "Retirer ce lien" in shown.text
    with sessions() as session:
        follows = sa.select(Delivery.job).join(EventRow).where(EventRow.kind == "guest.asked")
        assert session.scalars(follows).all() == ["invite_guest"]


def test_a_name_that_slipped_in_is_pointed_out_before_it_leaves(
    log_in: Enter, opened: Callable[..., str]
) -> None:
    reference, browser = opened(CaseState.IN_PROGRESS), log_in("advisor")
    told = {**TYPED, "observed": "Mme DIALLO, 06 39 98 00 01, voit l’eau affleurer."}
    page = browser.post(_page(reference, "avis"), **told, do="preview")
    assert "semble désigner l’usager" in page.text and "Diallo" in page.text and "06 39 98 00 01" in page.text
    assert "semble désigner" not in browser.post(_page(reference, "avis"), **TYPED, do="preview").text


def test_what_is_wrong_gives_the_form_back_as_it_was(log_in: Enter, opened: Callable[..., str]) -> None:
    reference, browser = opened(CaseState.IN_PROGRESS), log_in("advisor")
    page = browser.post(
        _page(reference, "avis"), **{**TYPED, "email": "n.ferrand", "due_on": "hier"}, do="send"
    )
    assert page.status_code == 422 and "L’eau affleure" in page.text
    nobody = browser.post(
        _page(reference, "avis"), **{**TYPED, "organization": "", "question": ""}, do="send"
    )
    assert re.search(r'href="#organization">Ou son nom\W+Remplissez', nobody.text)
    assert re.search(r'href="#question">Votre question\W+Remplissez', nobody.text)
    assert not re.search(r"Ou son nom <span", nobody.text), "needed when nobody is chosen: not « facultatif »"
    page = browser.post(_page(reference, "avis"), **{**TYPED, "email": ""}, do="send")
    assert page.status_code == 422 and 'id="email-error"' in page.text


def test_transmitted_to_a_body_we_know(
    log_in: Enter, opened: Callable[..., str], world: World, sessions: Sessions
) -> None:
    reference, browser = opened(CaseState.REGISTERED), log_in("advisor")
    page = browser.get(_page(reference, "transmission"))
    seen = re.search(r'name="seen_version" value="(\d+)"', page.text)
    assert seen and "Routes départementales" in page.text and "Voirie</option>" not in page.text
    body = str(world.services["departement"])
    told = {
        **TYPED,
        "organization": "",
        "email": "",
        "question": "",
        "unit_id": body,
        "seen_version": seen[1],
    }
    read = browser.post(_page(reference, "transmission"), **told, do="preview")
    assert "departement@rivebois.example" in read.text and "CRPA, article L114-2" in read.text
    assert "Diallo" in read.text, "the mail, not the page, hands the usager's details over"
    assert browser.post(_page(reference, "transmission"), **told, do="send").status_code == 303
    case = kept_case(sessions, reference)
    assert (case.state, case.outcome, case.unit_id) == ("closed", "T", world.services["departement"])
    shown = browser.get(_page(reference))
    assert shown.status_code == 200 and "Noter sa réponse, donnée autrement" in shown.text
    waiting = browser.get("/console/transmissions")
    assert reference in waiting.text and "lien jamais ouvert" in waiting.text


def test_the_timeline_says_who_transmitted_it_and_to_whom(
    log_in: Enter, opened: Callable[..., str], sessions: Sessions
) -> None:
    reference, browser = opened(CaseState.REGISTERED), log_in("advisor")
    told = {**TYPED, "seen_version": str(kept_case(sessions, reference).version)}
    assert browser.post(_page(reference, "transmission"), **told, do="send").status_code == 303
    thread = browser.get(f"/console/demandes/{reference}").text
    told_by = re.search(
        r'<p class="by">(.*?)</p>\s*<p>Demande transmise à l’organisme compétent\.</p>\s*(.*?)</li>',
        thread,
        re.S,
    )
    assert told_by and "Automatique" not in told_by[1] and "Eaux de la Haute-Rive" in told_by[2]


def test_two_agents_one_transmission(log_in: Enter, opened: Callable[..., str], sessions: Sessions) -> None:
    reference, browser = opened(CaseState.REGISTERED), log_in("advisor")
    told = {**TYPED, "seen_version": str(kept_case(sessions, reference).version)}
    assert browser.post(_page(reference, "transmission"), **told, do="send").status_code == 303
    assert browser.post(_page(reference, "transmission"), **told, do="send").status_code == 409
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(GuestLink)) == 1


def test_hors_competence_is_not_an_end_one_picks(
    log_in: Enter, opened: Callable[..., str], sessions: Sessions
) -> None:
    reference, browser = opened(CaseState.RESOLVED), log_in("advisor")
    page = browser.get(f"/console/demandes/{reference}/reponse")
    assert 'value="F"' in page.text and '<option value="T"' not in page.text
    seen = str(kept_case(sessions, reference).version)
    told = {
        "outcome": "T",
        "channel": "email",
        "subject": "S",
        "body": "Voyez ailleurs.",
        "seen_version": seen,
    }
    assert browser.post(f"/console/demandes/{reference}/reponse", **told).status_code == 422
    assert kept_case(sessions, reference).state == "resolved"


def test_refused_twice_the_advisor_has_no_button_and_the_supervisor_the_history(
    log_in: Enter, opened: Callable[..., str], world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = opened()
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        for again in (True, False):
            act(uow, world.book, reference, "bounce", motive="Ce n’est pas pour nous.")
            if again:
                act(uow, world.book, reference, "route", unit_id=world.services["voirie"])
    advisor, supervisor = log_in("advisor"), log_in("supervisor")
    assert "/affectation" not in advisor.get(f"/console/demandes/{reference}").text
    assert advisor.get(_page(reference, "transmission")).status_code == 403
    refused = advisor.post(
        f"/console/demandes/{reference}/affectation",
        unit_id=world.services["voirie"],
        motive="x",
        seen_version="9",
    )
    assert refused.status_code == 403
    assert advisor.get("/console/transmissions?vue=a-decider").status_code == 404
    listed = supervisor.get("/console/transmissions?vue=a-decider")
    assert reference in listed.text and listed.text.count("Ce n’est pas pour nous.") == 2
    assert "/affectation" in supervisor.get(f"/console/demandes/{reference}").text


def test_a_contractor_is_offered_its_link(
    log_in: Enter, opened: Callable[..., str], world: World, sessions: Sessions
) -> None:
    reference = opened()
    with sessions() as session:
        session.execute(sa.update(Unit).where(Unit.code == "voirie").values(operation="contractor"))
        session.commit()
    lead = log_in("team_lead")
    assert "Envoyer un lien au prestataire" in lead.get(_page(reference)).text
    told = {**TYPED, "organization": "", "email": "", "unit_id": str(world.services["voirie"])}
    assert lead.post(_page(reference, "prestataire"), **told, do="send").status_code == 303
    assert "Retirer ce lien" in lead.get(_page(reference)).text
    report = log_in("supervisor").get("/console/prestataires")
    assert "Voirie" in report.text


def test_out_of_reach_it_does_not_exist(log_in: Enter, opened: Callable[..., str]) -> None:
    reference = opened(CaseState.IN_PROGRESS)
    for who in ("lighting", "neighbour"):
        browser = log_in(who)
        assert browser.get(_page(reference)).status_code == 404
        assert browser.post(_page(reference, "avis"), **TYPED, do="send").status_code == 404
    assert log_in("advisor").get(_page(reference, "autre")).status_code == 404
