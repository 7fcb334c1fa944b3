"""What becomes of requests, told to partners and heard from them: once, in order, each in their part."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from defusedxml import ElementTree
from flask.testing import FlaskClient

from crm.api.open311.statuses import OF_FACT
from crm.cases import Case, CaseState, Outcome, accept_case
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.interactions import Interaction
from crm.trail import PUBLIC_KINDS, SENTENCES
from tests.api.partners import key_of, reference

UPDATES = "/open311/v2/servicerequestupdates"


@pytest.fixture
def contractor(units: Units, services: dict[str, int]) -> str:
    """Holds the key of the organisation whose unit is competent for lamps."""
    return key_of(units, "metropole", ["read", "update"])


@pytest.fixture
def app_key(units: Units, services: dict[str, int]) -> str:
    """Brought the demand, and has no part in the work."""
    return key_of(units, "departement")


@pytest.fixture
def light(client: FlaskClient, app_key: str) -> str:
    return reference(client, app_key)


def says(client: FlaskClient, key: str, light: str, status: str, **told: Any) -> Any:
    sent = {"update_id": f"u-{status}", "description": "Lampe changée.", **told}
    return client.post(
        f"{UPDATES}.json", data={"api_key": key, "service_request_id": light, "status": status, **sent}
    )


def case_of(sessions: Sessions, light: str) -> Case:
    with sessions() as session:
        return session.scalars(sa.select(Case).where(Case.reference == light)).one()


def exchanged(sessions: Sessions, kind: str) -> list[str]:
    with sessions() as session:
        return list(
            session.scalars(
                sa.select(Interaction.body).where(Interaction.kind == kind).order_by(Interaction.id)
            )
        )


def test_done_without_a_photo_says_so_where_one_is_asked(
    client: FlaskClient, sessions: Sessions, contractor: str, light: str
) -> None:
    with sessions() as session:
        session.execute(sa.text("UPDATE categories SET evidence = true"))
        session.commit()
    assert says(client, contractor, light, "fixed").status_code == 201
    assert exchanged(sessions, "no_photo") == ["Dit par le partenaire, sans photo."]


def test_who_has_the_work_moves_the_demand_by_the_verbs_of_its_life(
    client: FlaskClient, sessions: Sessions, clock: FrozenClock, contractor: str, light: str
) -> None:
    for status, state, more in (
        ("investigating", CaseState.IN_PROGRESS, {}),
        ("action_scheduled", CaseState.SCHEDULED, {"expected_datetime": "2026-09-18T06:00:00Z"}),
        ("fixed", CaseState.RESOLVED, {}),
    ):
        clock.at += timedelta(minutes=5)
        assert says(client, contractor, light, status, **more).status_code == 201
        assert case_of(sessions, light).state == state
    case = case_of(sessions, light)
    assert (case.outcome, case.accepted_by_id, str(case.planned_on)) == (Outcome.DONE, None, "2026-09-18")
    assert exchanged(sessions, "report") == ["Lampe changée."], "the relation side answers from it"
    clock.at += timedelta(minutes=5)
    assert says(client, contractor, light, "closed").status_code == 201
    assert case_of(sessions, light).state == CaseState.RESOLVED, "a unit never closes"


def test_it_sends_back_what_is_not_for_it(
    client: FlaskClient, sessions: Sessions, contractor: str, light: str
) -> None:
    assert says(client, contractor, light, "not_councils_responsibility").status_code == 201
    case = case_of(sessions, light)
    assert (case.state, case.unit_id) == (CaseState.REGISTERED, None)
    assert exchanged(sessions, "bounce") == ["Lampe changée."]


def test_the_same_update_again_is_one(
    client: FlaskClient, sessions: Sessions, contractor: str, app_key: str, light: str
) -> None:
    first, again = (says(client, contractor, light, "open", update_id="7") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json[0]["update_id"] == again.json[0]["update_id"]
    assert exchanged(sessions, "partner_update") == ["Lampe changée."]
    other = reference(client, app_key, description="Un autre lampadaire")
    assert says(client, contractor, other, "open", update_id="7").status_code == 409


def test_an_older_update_never_undoes_a_newer_state(
    client: FlaskClient, sessions: Sessions, clock: FrozenClock, contractor: str, light: str
) -> None:
    clock.at += timedelta(hours=2)
    at = clock.at
    assert says(client, contractor, light, "fixed", updated_datetime=at.isoformat()).status_code == 201
    late = (at - timedelta(hours=1)).isoformat()
    assert says(client, contractor, light, "investigating", updated_datetime=late).status_code == 201
    assert case_of(sessions, light).state == CaseState.RESOLVED
    assert exchanged(sessions, "partner_update")[-1] == "Lampe changée.", "kept as a word on the timeline"


def test_what_an_agent_did_since_is_not_undone_either(
    client: FlaskClient, sessions: Sessions, units: Units, clock: FrozenClock, contractor: str, light: str
) -> None:
    before = clock.at + timedelta(minutes=1)
    clock.at += timedelta(minutes=10)
    with units.begin(SYSTEM) as uow:
        accept_case(uow, light, seen_version=1)
    assert says(client, contractor, light, "fixed", updated_datetime=before.isoformat()).status_code == 201
    assert case_of(sessions, light).state == CaseState.IN_PROGRESS


def test_who_only_brought_it_speaks_for_the_usager_and_moves_nothing(
    client: FlaskClient, sessions: Sessions, app_key: str, light: str
) -> None:
    told = {"description": "Toujours éteint ce soir", "email": "lea@exemple.fr", "last_name": "Martin"}
    assert says(client, app_key, light, "fixed", **told).status_code == 201
    case = case_of(sessions, light)
    assert case.state == CaseState.ASSIGNED and case.message_waiting_since is not None
    assert exchanged(sessions, "message") == ["Toujours éteint ce soir"]


def test_a_stranger_s_demand_does_not_exist(client: FlaskClient, units: Units, sessions: Sessions) -> None:
    sea = reference(client, key_of(units, "metropole", ["create"]), lat="42.0", long="5.0")
    nobody = key_of(units, "departement", ["update"])
    for key in (nobody, key_of(units, "nobody", ["update"])):
        assert says(client, key, sea, "open").status_code == 404
    assert exchanged(sessions, "message") == exchanged(sessions, "partner_update") == []


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"update_id": ""}, "update_id"),
        ({"status": "lost"}, "status"),
        ({"updated_datetime": "hier"}, "updated_datetime"),
        ({"status": "fixed", "description": ""}, "description"),
        ({"status": "planned", "expected_datetime": "2026-09-01T00:00:00Z"}, "expected_datetime"),
        ({"media_url": "file:///etc/passwd"}, "media_url"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    client: FlaskClient, sessions: Sessions, contractor: str, light: str, told: dict[str, str], named: str
) -> None:
    answer = says(client, contractor, light, **{"status": "open", **told})
    assert answer.status_code == 400 and named in answer.json[0]["description"]
    assert case_of(sessions, light).state == CaseState.ASSIGNED
    assert exchanged(sessions, "partner_update") == []


def test_our_own_updates_are_told_in_public_words(
    client: FlaskClient, units: Units, clock: FrozenClock, light: str
) -> None:
    clock.at += timedelta(minutes=5)
    with units.begin(SYSTEM) as uow:
        accept_case(uow, light, seen_version=1)
    plainly = client.get(f"{UPDATES}.json").json
    assert [one["status"] for one in plainly] == ["open", "open", "open"]
    assert {one["service_request_id"] for one in plainly} == {light}
    assert plainly[-1]["description"] == "Le service a pris votre demande en charge."
    assert "Éclairage public" in plainly[1]["description"]
    finely = client.get(f"{UPDATES}.json?extensions=true&page_size=1&page=3").json
    assert [one["status"] for one in finely] == ["investigating"]
    root = ElementTree.fromstring(client.get(f"{UPDATES}.xml").data)
    assert root.tag == "service_request_updates"
    assert [one.findtext("update_id") for one in root.iter("request_update")] == [
        one["update_id"] for one in plainly
    ]
    alone = client.get(f"{UPDATES}.json?service_request_id=2026-000000-00").json
    assert alone == [] and "Martin" not in root.itertext()


def test_updates_are_asked_for_by_period(client: FlaskClient, clock: FrozenClock, light: str) -> None:
    def told(**asked: str) -> int:
        return len(client.get(f"{UPDATES}.json", query_string=asked).json)

    clock.at += timedelta(days=3)
    assert told() == 0, "of the last day when nothing is said"
    assert told(start_date="2026-09-15T00:00:00Z") == told(service_request_id=light) == 2
    assert told(start_date="2026-09-15T00:00:00Z", end_date="2026-09-15T06:00:00Z") == 0
    assert client.get(f"{UPDATES}.json?end_date=demain").status_code == 400


def test_what_is_sensitive_is_told_to_who_brought_it_alone(
    client: FlaskClient, app_key: str, contractor: str
) -> None:
    hidden = next(
        service["service_code"]
        for service in client.get("/open311/v2/services.json").json
        if service["service_code"].startswith("TRAN")
    )
    reference(client, app_key, service_code=hidden, **{"attribute[mast]": ""})
    assert client.get(f"{UPDATES}.json").json == []
    assert client.get(f"{UPDATES}.json", query_string={"api_key": contractor}).json == []
    assert client.get(f"{UPDATES}.json", query_string={"api_key": app_key}).json


def test_every_fact_told_has_its_public_words() -> None:
    assert set(OF_FACT) <= PUBLIC_KINDS
    holes = {hole for kind in OF_FACT for hole in re.findall(r"%\((\w+)\)s", SENTENCES[kind].public or "")}
    assert holes <= {"unit", "planned_on", "due_on"}, "say the others in crm/api/open311/updates.py"
