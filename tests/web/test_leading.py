"""A team lead's morning: many demands at once, a colleague, a delay, a priority, place by place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.foundation import EventRow, FrozenClock, Sessions
from crm.interactions import Interaction
from tests import given
from tests.given import kept_case
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Open = Callable[..., str]
LIST = "/console/files/a-traiter"


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Open:
    return lambda *state, **told: world.case(sessions, clock, *state, **told)


def _bulk(browser: Browser, act: str, chosen: list[str], **fields: Any) -> str:
    answer = browser.post(f"{LIST}/lot/{act}", case=chosen, **fields)
    assert answer.status_code == 303
    return browser.get(answer.headers["Location"]).text.replace("\u202f", " ").replace("\u00a0", " ")


def test_each_of_many_is_done_or_refused_by_itself_and_both_are_said(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    fresh = [opened() for _ in range(3)]
    taken, theirs = opened(CaseState.IN_PROGRESS), opened(category_code="ECLA-01")
    told = _bulk(log_in("team_lead"), "accepter", [*fresh, taken, theirs, "2026-999999-99"])
    assert (
        f"3 acceptées, 1 refusée : déjà prise en charge ({taken}),"
        f" 2 refusées : elle n’est pas dans votre service ({theirs}, 2026-999999-99)." in told
    )
    assert [kept_case(sessions, one).state for one in fresh] == ["in_progress"] * 3
    assert kept_case(sessions, theirs).state == "assigned"


def test_of_many_refused_the_first_are_named_and_the_others_counted(log_in: Enter, opened: Open) -> None:
    taken = [opened(CaseState.IN_PROGRESS) for _ in range(7)]
    told = _bulk(log_in("team_lead"), "accepter", taken)
    assert f"7 refusées : déjà prise en charge ({', '.join(taken[:5])} et 2 autres)." in told


def test_a_day_and_a_colleague_are_given_to_many(
    log_in: Enter, opened: Open, sessions: Sessions, world: World
) -> None:
    chosen, lead = [opened(), opened(CaseState.IN_PROGRESS)], log_in("team_lead")
    assert "2 planifiées" in _bulk(lead, "planifier", chosen, planned_on="2026-09-21")
    assert "2 refusées : choisissez aujourd’hui" in _bulk(lead, "planifier", chosen, planned_on="2020-01-01")
    colleague = str(world.ids["field_agent"])
    assert "2 confiées" in _bulk(lead, "confier", chosen, agent_id=colleague)
    stranger = str(world.ids["lighting"])
    assert "2 refusées" in _bulk(lead, "confier", chosen, agent_id=stranger)
    cases = [kept_case(sessions, one) for one in chosen]
    assert {case.accepted_by_id for case in cases} == {world.ids["field_agent"]}
    assert {str(case.planned_on) for case in cases} == {"2026-09-21"}


def test_nothing_ticked_is_said_and_a_field_agent_has_no_such_act(log_in: Enter) -> None:
    assert "Cochez d’abord" in _bulk(log_in("team_lead"), "accepter", [])
    assert log_in("field_agent").post(f"{LIST}/lot/accepter").status_code == 404
    assert log_in("team_lead").post(f"{LIST}/lot/effacer").status_code == 404


def test_emergencies_stand_on_top_of_every_order(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    late = [opened() for _ in range(2)]
    urgent = opened()
    lead, case = log_in("team_lead"), kept_case(sessions, urgent)
    fields = {"seen_version": str(case.version), "priority": "1"}
    assert lead.post(f"/console/demandes/{urgent}/priorite", **fields).status_code == 303
    for path in (LIST, f"{LIST}?tri=recue", "/console/files/par/secteur", "/console/files/par/rue"):
        page = lead.get(path).text
        places = [page.find(f'value="{one}"') for one in (urgent, *late)]
        assert -1 not in places and places[0] == min(places), path
    assert kept_case(sessions, urgent).due_at < case.due_at
    assert kept_case(sessions, urgent).announced_due_at == case.announced_due_at


def test_raising_never_lowers(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    reference = opened()
    case = kept_case(sessions, reference)
    fields = {"seen_version": str(case.version), "priority": "4"}
    assert log_in("team_lead").post(f"/console/demandes/{reference}/priorite", **fields).status_code == 422


def test_a_delay_is_said_to_the_usager_and_the_first_date_stands(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    reference, lead = opened(), log_in("team_lead")
    before = kept_case(sessions, reference)
    path = f"/console/demandes/{reference}/retard"
    told = {"seen_version": str(before.version), "motive": "L’enrobé manque.", "due_on": "2026-10-05"}
    assert lead.post(path, **{**told, "motive": " "}).status_code == 422
    assert lead.post(path, **{**told, "due_on": "2026-09-16"}).status_code == 422
    assert lead.post(path, **told).status_code == 303
    assert lead.post(path, **told).status_code == 409, "sent twice, it is said once"
    after = kept_case(sessions, reference)
    assert after.announced_due_at == before.announced_due_at and after.due_at > before.due_at
    with sessions() as session:
        sent = session.scalars(sa.select(Interaction).where(Interaction.kind == "delay")).one()
        fact = session.scalars(sa.select(EventRow).where(EventRow.kind == "case.delayed")).one()
    assert (sent.state, sent.recipient) == ("queued", "aicha.diallo@exemple.fr")
    assert "L’enrobé manque." in sent.body and "5 octobre" in sent.body
    assert fact.data["is_told"] is True and "enrobé" not in str(fact.data)
    assert "Retard annoncé" in lead.get(f"/console/demandes/{reference}").text


def test_a_field_agent_cannot_announce_a_delay(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    reference = opened()
    fields = {
        "seen_version": str(kept_case(sessions, reference).version),
        "motive": "x",
        "due_on": "2026-10-05",
    }
    assert log_in("field_agent").post(f"/console/demandes/{reference}/retard", **fields).status_code == 403


def test_nobody_to_tell_is_said(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    reference = opened(contact_id=None, answer_channel="none", place=given.place())
    fields = {
        "seen_version": str(kept_case(sessions, reference).version),
        "motive": "x",
        "due_on": "2026-10-05",
    }
    lead = log_in("team_lead")
    answer = lead.post(f"/console/demandes/{reference}/retard", **fields)
    assert "aucun moyen de le prévenir" in lead.get(answer.headers["Location"]).text
