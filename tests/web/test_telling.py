"""What those who follow will read is shown first; what others follow is not cancelled; incidents by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import CaseState, Following, follow_case, followers
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.interactions import Interaction
from crm.reactions import REACTIONS
from tests import given
from tests.given import kept_case
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Followed = Callable[[CaseState], str]


@pytest.fixture
def followed(world: World, sessions: Sessions, clock: FrozenClock) -> Followed:
    """A demand that two people follow by e-mail, and one without a name."""

    def made(state: CaseState = CaseState.IN_PROGRESS) -> str:
        reference = world.case(sessions, clock, state)
        with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
            for n in range(3):
                told = {"family_name": f"Lopez{n}", "email": f"lopez{n}@exemple.fr", "phone": ""}
                who = given.contact(uow, **told) if n < 2 else None
                way = "email" if who else "none"
                new = Following(key=f"k{n}", channel="phone", contact_id=who, answer_channel=way)
                follow_case(uow, reference, new)
        return reference

    return made


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u202f", " ").replace("\u00a0", " "))


@pytest.mark.parametrize(
    ("verb", "typed", "words"),
    [
        ("plan", {"planned_on": "2026-09-21"}, "Le service interviendra le lundi 21 septembre 2026."),
        ("delay", {"due_on": "2026-10-05", "motive": "L’enrobé manque."}, "L’enrobé manque."),
    ],
)
def test_before_a_date_the_agent_reads_what_they_will_read(
    log_in: Enter, followed: Followed, sessions: Sessions, verb: str, typed: dict[str, str], words: str
) -> None:
    reference, lead = followed(CaseState.IN_PROGRESS), log_in("team_lead")
    before = kept_case(sessions, reference)
    page = lead.get(f"/console/demandes/{reference}").text
    assert "Les 3 personnes qui suivent aussi seront prévenues" in page
    shown = lead.post(f"/console/demandes/{reference}/suiveurs/apercu/{verb}", **typed)
    assert shown.status_code == 200
    told = _plain(shown.text)
    assert words in told and "2 personnes" in told and "Courriel" in told
    assert all(f'value="{value}"' in shown.text or value in shown.text for value in typed.values())
    with sessions() as session:
        for one in followers(session, before.id):
            assert one.token not in shown.text, "nobody's own link"
        sent = session.scalars(sa.select(Interaction).where(Interaction.kind == "follower_news")).all()
    assert sent == [] and kept_case(sessions, reference).version == before.version


def test_a_preview_is_for_who_may_do_the_act(log_in: Enter, followed: Followed) -> None:
    at = f"/console/demandes/{followed(CaseState.IN_PROGRESS)}/suiveurs/apercu"
    assert log_in("field_agent").post(f"{at}/plan").status_code == 403
    assert log_in("lighting").post(f"{at}/plan").status_code == 404
    assert log_in("team_lead").post(f"{at}/close").status_code == 404


def test_before_closing_both_texts_are_read(log_in: Enter, followed: Followed, sessions: Sessions) -> None:
    reference, advisor = followed(CaseState.RESOLVED), log_in("advisor")
    typed = {"outcome": "F", "channel": "email", "body": "Chère Madame, c’est fait.", "seen_version": "1"}
    page = advisor.post(
        f"/console/demandes/{reference}/reponse/apercu", **typed, to_followers="Le trou est rebouché."
    ).text
    told = page.partition('id="telling"')[2].partition("</section>")[0]
    assert "Le travail est fait." in told and "Le trou est rebouché." in told and "Madame" not in told
    assert kept_case(sessions, reference).closed_at is None


def test_what_others_follow_is_not_cancelled_until_they_are_taken_off(
    log_in: Enter, followed: Followed, sessions: Sessions
) -> None:
    reference, advisor = followed(CaseState.ASSIGNED), log_in("advisor")
    at = f"/console/demandes/{reference}"

    def cancel() -> int:
        fields = {"seen_version": str(kept_case(sessions, reference).version), "reason": "L’usager renonce."}
        answer = advisor.post(f"{at}/annulation", **fields)
        assert answer.status_code == 303 or "pour elles, le problème est toujours là" in answer.text
        return answer.status_code

    assert cancel() == 422
    with sessions() as session:
        ids = [one.id for one in followers(session, kept_case(sessions, reference).id)]
    for watcher_id in ids:
        assert advisor.post(f"{at}/personnes/{watcher_id}/retrait").status_code == 303
    assert cancel() == 303


def test_an_advisor_proposes_an_incident_and_a_supervisor_declares_it(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference, advisor = world.case(sessions, clock), log_in("advisor")
    at, page = f"/console/demandes/{reference}", f"/console/demandes/{reference}/personnes"
    assert (
        "Proposer un incident" in advisor.get(at).text and "Déclarer l’incident" not in advisor.get(page).text
    )
    assert advisor.post(f"{at}/incident/proposition", proposal=" ").status_code == 422
    said = "Huit appels en dix minutes, toute la rue."
    assert advisor.post(f"{at}/incident/proposition", proposal=said).status_code == 303
    assert advisor.post(f"{at}/incident/proposition", proposal=said).status_code == 422, "said once"
    assert advisor.post(f"{at}/incident", announcement="x", hours="4").status_code == 404
    supervisor = log_in("supervisor")
    assert reference in supervisor.get("/console/files/incidents").text
    seen = supervisor.get(page).text
    assert said in seen and "Karim Belkacem" in seen and "Déclarer l’incident" in seen
    assert supervisor.post(f"{at}/incident", announcement="Une équipe arrive.", hours="4").status_code == 303
    assert "Une équipe arrive." in advisor.get(at).text
    assert "Incident proposé par un agent." in advisor.get(at).text
