"""Machines at work by the REST door: they create, act, speak and follow, and nothing is done twice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.cases import Case
from crm.contacts import Contact, readings
from crm.foundation import SYSTEM, EventRow, Units
from crm.interactions import Interaction
from crm.staff import Unit
from tests.api.machines import demand, etag, machine, supervisor, unit_machine

DEMAND = {
    "object": "Le lampadaire clignote.",
    "category_code": "ECLA-01",
    "place": {"text": "10 rue des Lilas", "insee": "99801"},
    "contact": {"family_name": "Diallo", "email": "a.diallo@exemple.fr"},
    "answer_channel": "email",
}


def _count(units: Units, entity: type) -> int:
    with units.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(entity)) or 0


def test_a_demand_is_registered_once_however_often_it_is_sent(
    app: Flask, units: Units, services: dict[str, int]
) -> None:
    there = supervisor(app, units)
    first = there.post("/cases", DEMAND, idempotency_key="ticket-1")
    again = there.post("/cases", DEMAND, idempotency_key="ticket-1")
    assert first.status_code == again.status_code == 201
    assert first.json == again.json and _count(units, Case) == 1
    assert first.headers["Location"].endswith(first.json["reference"])
    assert first.json["inside"]["unit_code"] == "eclairage"
    other = there.post("/cases", {**DEMAND, "object": "Autre chose"}, idempotency_key="ticket-1")
    assert (other.status_code, other.json["type"]) == (409, "/errors/key_already_served")


def test_what_the_catalogue_refuses_is_named(app: Flask, units: Units, services: dict[str, int]) -> None:
    answer = supervisor(app, units).post("/cases", {**DEMAND, "category_code": "RIEN-99"})
    assert (answer.status_code, answer.json["fields"]) == (422, {"category": "unknown"})


def test_a_unit_takes_up_plans_and_resolves_and_never_closes(
    app: Flask, units: Units, services: dict[str, int]
) -> None:
    reference = demand(units)
    unit = unit_machine(app, units, services["voirie"])
    seen = unit.get(f"/cases/{reference}")
    assert seen.json["inside"]["verbs"] == ["accept", "plan", "resolve"]
    taken = unit.post(f"/cases/{reference}/accept", if_match=etag(seen))
    assert taken.status_code == 200 and taken.json["inside"]["state"] == "in_progress"
    day = {"planned_on": "2026-09-22"}
    planned = unit.post(f"/cases/{reference}/plan", day, if_match=etag(taken))
    assert planned.json["inside"]["planned_on"] == "2026-09-22"
    report = {"outcome": "F", "text": "Trou rebouché.", "no_photo": "Fait de nuit."}
    done = unit.post(f"/cases/{reference}/resolve", report, if_match=etag(planned))
    assert done.json["inside"]["state"] == "resolved" and done.json["step"] == "answer_coming"
    assert unit.post(f"/cases/{reference}/close", {}).status_code == 404


def test_nobody_overwrites_what_they_have_not_read(
    app: Flask, units: Units, services: dict[str, int]
) -> None:
    reference = demand(units)
    unit = unit_machine(app, units, services["voirie"])
    assert unit.post(f"/cases/{reference}/accept").status_code == 428
    assert unit.post(f"/cases/{reference}/accept", if_match='"999"').status_code == 412
    seen = etag(unit.get(f"/cases/{reference}"))
    assert unit.post(f"/cases/{reference}/accept", if_match=seen).status_code == 200
    assert unit.post(f"/cases/{reference}/accept", if_match=seen).status_code == 412
    now = etag(unit.get(f"/cases/{reference}"))
    illegal = unit.post(f"/cases/{reference}/accept", if_match=now)
    assert (illegal.status_code, illegal.json["type"]) == (409, "/errors/illegal_step")


def test_an_act_sent_twice_is_done_once(app: Flask, units: Units, services: dict[str, int]) -> None:
    reference = demand(units)
    unit = unit_machine(app, units, services["voirie"])
    seen = etag(unit.get(f"/cases/{reference}"))
    first = unit.post(f"/cases/{reference}/accept", if_match=seen, idempotency_key="a1")
    again = unit.post(f"/cases/{reference}/accept", if_match=seen, idempotency_key="a1")
    assert first.json == again.json and etag(first) == etag(again)
    other = unit.post(
        f"/cases/{reference}/plan", {"planned_on": "2026-09-22"}, if_match=seen, idempotency_key="a1"
    )
    assert other.status_code == 409
    with units.reading() as session:
        assert session.scalars(sa.select(Case.accepted_by_id)).one() is None, "a machine is no agent of ours"


def test_a_note_stays_inside_and_a_reply_reaches_the_resident(
    app: Flask, units: Units, services: dict[str, int]
) -> None:
    reference = demand(units)
    there = supervisor(app, units)
    note = there.post(f"/cases/{reference}/interactions", {"kind": "note", "text": "Vu avec le chef."})
    assert note.status_code == 201 and note.json["direction"] == "internal" and not note.json["is_public"]
    reply = {"kind": "reply", "text": "Une équipe passe demain."}
    said = there.post(f"/cases/{reference}/interactions", reply, idempotency_key="r1")
    again = there.post(f"/cases/{reference}/interactions", reply, idempotency_key="r1")
    assert said.status_code == 201 and said.json == again.json and said.json["is_public"]
    kinds = [one["kind"] for one in there.get(f"/cases/{reference}/interactions").json["items"]]
    assert kinds.count("reply") == 1 and kinds.count("note") == 1
    unit = unit_machine(app, units, services["voirie"])
    assert unit.post(f"/cases/{reference}/interactions", reply).status_code == 403


@pytest.mark.parametrize(
    ("operation", "reads"), [("in_house", True), ("contractor", False), ("external", False)]
)
def test_what_agents_say_among_themselves_is_for_units_that_we_run(
    app: Flask, units: Units, services: dict[str, int], operation: str, reads: bool
) -> None:
    with units.begin(SYSTEM) as uow:
        uow.session.get_one(Unit, services["voirie"]).operation = operation
    address = f"/cases/{demand(units)}/interactions"
    note = {"kind": "note", "text": "Ce prestataire a déjà trois rappels."}
    boss, reply = supervisor(app, units), {"kind": "reply", "text": "Une équipe passe demain."}
    assert boss.post(address, note).status_code == boss.post(address, reply).status_code == 201
    told = unit_machine(app, units, services["voirie"]).get(address).json["items"]
    assert ("trois rappels" in str(told)) == reads == ("internal" in {one["direction"] for one in told})
    assert "Une équipe passe demain." in str(told), "what was said with the usager, everybody at work reads"


def test_pages_follow_one_another_without_gap_or_double(
    app: Flask, units: Units, services: dict[str, int]
) -> None:
    made = {demand(units) for _ in range(5)}
    there = supervisor(app, units)
    for sort in ("due", "received", "priority"):
        seen: list[str] = []
        address = f"/cases?limit=2&sort={sort}"
        while address:
            page = there.get(address)
            seen += [line["reference"] for line in page.json["items"]]
            link = page.headers.get("Link", "")
            assert bool(link) is (page.json["next"] is not None)
            address = link[1 : link.index(">")].removeprefix("/api/v1") if link else ""
        assert len(seen) == 5 and set(seen) == made


def test_facts_are_followed_from_one_known_to_the_next(
    app: Flask, units: Units, services: dict[str, int]
) -> None:
    reference, elsewhere = demand(units), demand(units, category_code="ECLA-01")
    unit = unit_machine(app, units, services["voirie"])
    seen: list[dict[str, object]] = []
    with units.reading() as session:
        after = (session.scalar(sa.select(sa.func.min(EventRow.id))) or 1) - 1
    while page := unit.get("/events", after=after, limit=1).json:
        seen += page["items"]
        if page["next"] == after:
            break
        after = page["next"]
    assert {one["reference"] for one in seen} == {reference}
    assert [one["kind"] for one in seen][:1] == ["case.opened"]
    assert unit.get(f"/cases/{elsewhere}/events").json["items"][0]["data"] == {}
    told = unit.get(f"/cases/{reference}/events", public="true").json["items"]
    assert {one["kind"] for one in told} <= {one["kind"] for one in seen}
    assert machine(app, units).get("/events").status_code == 403


def test_usagers_are_known_by_who_may_and_each_reading_is_noted(
    app: Flask, units: Units, services: dict[str, int]
) -> None:
    demand(units)
    there = supervisor(app, units)
    (hit,) = there.post("/contacts/search", {"q": "Diallo"}).json["items"]
    sheet = there.get(f"/contacts/{hit['id']}").json
    assert sheet["family_name"] == "Diallo" and sheet["points"][0]["kind"] == "email"
    with units.reading() as session:
        noted = [(line.actor_kind, line.page) for line in readings(session, contact_id=hit["id"])]
        assert noted == [("partner", "api")]
    unit = unit_machine(app, units, services["voirie"])
    assert unit.post("/contacts/search", {"q": "Diallo"}).status_code == 403
    assert unit.get(f"/contacts/{hit['id']}").status_code == 403
    assert there.get("/contacts/999999").status_code == 404
    assert _count(units, Contact) == 1


@pytest.mark.parametrize("kind", ["message", "answer"])
def test_nothing_else_can_be_said_by_this_way(
    app: Flask, units: Units, services: dict[str, int], kind: str
) -> None:
    reference = demand(units)
    before = _count(units, Interaction)
    answer = supervisor(app, units).post(f"/cases/{reference}/interactions", {"kind": kind, "text": "x"})
    assert answer.status_code == 422 and _count(units, Interaction) == before
