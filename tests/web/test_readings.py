"""Who opened whose sheet, who may ask, and what a desk says before it opens somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from crm.contacts import (
    ReadingLine,
    contact_card,
    forget_readings,
    merge_contacts,
    readings,
    relate_contacts,
    withdraw_point,
)
from crm.foundation import SYSTEM, EventRow, FrozenClock, Sessions, Units
from crm.staff import Grant
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]


@pytest.fixture
def contact(world: World, sessions: Sessions, clock: FrozenClock, units: Units) -> int:
    """Awa Sarr, who has a demand in the first commune."""
    with units.begin(SYSTEM) as uow:
        who = given.contact(uow, family_name="Sarr", first_name="Awa", phone="06 39 98 00 61")
    world.case(sessions, clock, contact_id=who)
    return who


def _log(units: Units, contact_id: int) -> list[ReadingLine]:
    with units.reading() as session:
        return readings(session, contact_id=contact_id)


def test_an_hour_of_the_same_agent_is_one_line(
    log_in: Enter, world: World, units: Units, clock: FrozenClock, contact: int
) -> None:
    advisor, address = log_in("advisor"), f"/console/usagers/{contact}"
    for _ in range(3):
        assert advisor.get(address).status_code == 200
    assert advisor.get(f"{address}/modifier").status_code == 200
    log_in("desk_agent").get(address)
    clock.at += timedelta(hours=1)
    advisor.get(address)
    told = [(line.actor_id, line.page) for line in _log(units, contact)]
    assert told == [
        (world.ids["advisor"], "sheet"),
        (world.ids["desk_agent"], "sheet"),
        (world.ids["advisor"], "sheet"),
    ]


def test_the_panel_of_a_call_is_a_reading_too(
    log_in: Enter, world: World, units: Units, contact: int
) -> None:
    advisor, desk = log_in("advisor"), log_in("desk_agent")
    assert "Sarr" in advisor.post("/console/aides/usager", contact=str(contact)).text
    assert "Sarr" in desk.get("/console/demandes/nouvelle", usager=str(contact)).text
    elsewhere = log_in("neighbour").post("/console/aides/usager", contact=str(contact))
    assert "Sarr" not in elsewhere.text
    told = [(line.actor_id, line.page) for line in _log(units, contact)]
    assert told == [(world.ids["desk_agent"], "intake"), (world.ids["advisor"], "intake")]
    supervisor = log_in("supervisor").get(f"/console/usagers/{contact}/consultations").text
    assert "Formulaire de demande" in supervisor


def test_a_supervisor_reads_the_log_by_sheet_and_by_agent(log_in: Enter, world: World, contact: int) -> None:
    address = f"/console/usagers/{contact}"
    log_in("advisor").get(address)
    supervisor = log_in("supervisor")
    assert f"{address}/consultations" in supervisor.get(address).text
    page = supervisor.get(f"{address}/consultations").text
    assert page.count("<tr>") == 3 and "Karim Belkacem" in page
    mine = supervisor.get("/console/usagers/consultations", agent=world.ids["advisor"]).text
    assert "Awa Sarr" in mine
    assert "Aucune consultation" in supervisor.get("/console/usagers/consultations").text
    for who in ("advisor", "desk_agent", "config_admin"):
        assert log_in(who).get(f"{address}/consultations").status_code == 404


def test_outside_its_perimeter_a_desk_says_why_and_reads_for_a_while(
    log_in: Enter, world: World, units: Units, clock: FrozenClock, contact: int
) -> None:
    desk, address = log_in("neighbour"), f"/console/usagers/{contact}"
    asked = desk.get(address).text
    for told in ("06 39 98", "Sarr", "A. S.", "00 61", "•"):
        assert told not in asked, f"{told}: nothing before they say why"
    assert _log(units, contact) == []
    for said, beside in (({}, "Choisissez"), ({"motive": "other"}, "Remplissez")):
        refused = desk.post(f"{address}/motif", **said)
        assert refused.status_code == 422 and beside in refused.text and "Sarr" not in refused.text
    assert desk.post(f"{address}/motif", motive="other", words="Elle a oublié son carnet").status_code == 303
    opened = desk.get(address).text
    assert "06 39 98 00 61" in opened and "Hors de votre périmètre" in opened
    assert f"{address}/modifier" not in opened and desk.get(f"{address}/modifier").status_code == 404
    seen = log_in("supervisor").get("/console/usagers/consultations").text
    assert "Elle a oublié son carnet" in seen and "Hors périmètre" in seen
    clock.at += timedelta(minutes=31)
    assert "06 39 98 00 61" not in desk.get(address).text, "closed again"


def test_a_motive_opens_nobody_else_s_name(
    log_in: Enter, units: Units, clock: FrozenClock, contact: int
) -> None:
    with units.begin(SYSTEM) as uow:
        agent = given.contact(uow, family_name="Mandat", phone="06 39 98 00 64")
        twin = given.contact(uow, family_name="Jumelle", phone="06 39 98 00 65")
        relate_contacts(uow, contact, agent, "acts_for", clock.at.date())
        kept = contact_card(uow.session, contact)
        merge_contacts(uow, contact, twin, reason="La même.", seen={contact: kept.version, twin: 1})
        withdraw_point(uow, contact, kept.points[-1].id)
    address, theirs = f"/console/usagers/{contact}", ("Mandat", "Jumelle", "06 39 98 00 61")
    inside = log_in("desk_agent").get(address).text
    assert all(told in inside for told in theirs)
    desk = log_in("neighbour")
    desk.post(f"{address}/motif", motive="present")
    opened = desk.get(address).text
    assert "Awa Sarr" in opened and "06 39 98 00 65" in opened
    assert not [told for told in theirs if told in opened]


def test_a_demand_reached_by_another_role_leaves_the_sheet_outside(
    log_in: Enter, world: World, sessions: Sessions, contact: int
) -> None:
    """A desk of the next commune that is also in the unit which has the demand."""
    with sessions.begin() as session:
        lead = Grant(agent_id=world.ids["neighbour"], role="team_lead", unit_id=world.services["voirie"])
        session.add(lead)
    both, address = log_in("neighbour"), f"/console/usagers/{contact}"
    assert "Pourquoi ouvrez-vous" in both.get(address).text
    both.post(f"{address}/motif", motive="present")
    opened = both.get(address).text
    assert "Hors de votre périmètre" in opened and f"{address}/modifier" not in opened


def test_a_desk_finds_them_by_the_whole_number_alone(log_in: Enter, world: World, contact: int) -> None:
    desk, address = log_in("neighbour"), f"/console/usagers/{contact}"
    found = desk.get("/console/recherche", q="06 39 98 00 61").text
    assert address in found and "Sarr" not in found and "Sa fiche s’ouvre avec un motif" in found
    for part in ("980061", "Sarr", "Awa Sarr"):
        assert address not in desk.get("/console/recherche", q=part).text, part
    assert "s’ouvre avec un motif" not in log_in("advisor").get("/console/recherche", q="0639980061").text


def test_a_motive_opens_one_sheet_to_one_agent(
    log_in: Enter, world: World, units: Units, contact: int
) -> None:
    with units.begin(SYSTEM) as uow:
        other = given.contact(uow, family_name="Autre", phone="06 39 98 00 62")
    desk = log_in("neighbour")
    desk.post(f"/console/usagers/{contact}/motif", motive="present")
    assert "Pourquoi ouvrez-vous" in desk.get(f"/console/usagers/{other}").text
    for who in ("team_lead", "field_agent", "config_admin"):
        assert log_in(who).post(f"/console/usagers/{contact}/motif", motive="present").status_code == 404
    with units.reading() as session:
        fact = sa.select(EventRow.data).where(EventRow.kind == "contact.opened_outside")
        assert session.scalars(fact).one() == {"motive": "present"}


def test_details_shown_from_a_demand_are_in_the_log_too(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, units: Units, contact: int
) -> None:
    reference = world.case(sessions, clock, contact_id=contact)
    log_in("team_lead").post(f"/console/demandes/{reference}/coordonnees")
    assert [line.page for line in _log(units, contact)] == ["case"]


def test_the_log_follows_a_merge_is_never_changed_and_goes_after_a_year(
    log_in: Enter, units: Units, clock: FrozenClock, contact: int
) -> None:
    with units.begin(SYSTEM) as uow:
        twin = given.contact(uow, family_name="Sarr", first_name="Awa", phone="06 39 98 00 63")
    log_in("advisor").get(f"/console/usagers/{twin}")
    with units.begin(SYSTEM) as uow:
        merge_contacts(uow, contact, twin, reason="La même.", seen={contact: 1, twin: 1})
    assert [line.contact_id for line in _log(units, contact)] == [twin]
    with pytest.raises(DBAPIError), units.begin(SYSTEM) as uow:
        uow.session.execute(sa.text("UPDATE contact_readings SET actor_id = 0"))
    clock.at += timedelta(days=200)
    with units.begin(SYSTEM) as uow:
        assert forget_readings(uow, timedelta(days=365)) == 0
    clock.at += timedelta(days=200)
    with units.begin(SYSTEM) as uow:
        assert forget_readings(uow, timedelta(days=365)) == 1
