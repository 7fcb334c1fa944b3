"""One act on more demands than fifty, or on a whole list: started at once, done behind, told row by row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import Case, end_lot, one_lot, refuse_row
from crm.foundation import SYSTEM, Delivery, EventRow, FrozenClock, Sessions, Units
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Open = Callable[..., str]
LIST = "/console/files/a-traiter"
MANY = [f"2026-{n:06}-11" for n in range(60)]


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Open:
    return lambda *state, **told: world.case(sessions, clock, *state, **told)


def _state(sessions: Sessions, reference: str) -> str:
    with sessions() as session:
        return session.scalars(sa.select(Case.state).where(Case.reference == reference)).one()


def test_more_than_fifty_are_left_to_a_job_and_have_a_page(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    reference, lead = opened(), log_in("team_lead")
    answer = lead.post(f"{LIST}/lot/planifier", case=[reference, *MANY], planned_on="2026-09-21")
    assert answer.status_code == 303
    page = lead.get(answer.headers["Location"]).text
    assert "61 demandes à planifier" in page and "sur 61" in page
    assert "partie=1" in page and "every 2s" in page
    assert _state(sessions, reference) == "assigned", "nothing is done at the door"
    with sessions() as session:
        jobs = session.scalars(sa.select(Delivery.job).join(EventRow).where(EventRow.kind == "lot.started"))
        assert jobs.all() == ["do_lots"]


def test_the_refused_ones_stay_chosen_and_the_page_stops_asking(
    log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    lead = log_in("team_lead")
    address = lead.post(f"{LIST}/lot/accepter", case=MANY).headers["Location"].partition("?")[0]
    lot_id = int(address.rpartition("/")[2])
    assert lead.get(address, partie="1").status_code == 200
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        for place in range(1, 61):
            refuse_row(
                uow, lot_id, place, ("out_of_reach", "taken", "state:closed", "reason:past")[place % 4]
            )
        assert end_lot(uow, lot_id)
    part = lead.get(address, partie="1")
    assert part.status_code == 286, "htmx asks no more"
    assert part.text.count('name="case"') == 60 == part.text.count(" checked></td>")
    for why in ("elle n’est pas dans votre service", "déjà prise en charge", "terminée", "aujourd’hui"):
        assert why in part.text
    with sessions() as session:
        assert one_lot(session, lot_id).refused == 60


def test_a_lot_is_seen_by_who_asked_for_it_alone(log_in: Enter) -> None:
    address = log_in("team_lead").post(f"{LIST}/lot/accepter", case=MANY).headers["Location"]
    assert log_in("lighting").get(address).status_code == 404
    assert log_in("field_agent").get(address).status_code == 404


def test_the_results_leave_as_a_file_and_the_rest_of_the_refused_are_begun_again(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.web.queues.lots._SHOWN", 5)
    lead = log_in("team_lead")
    address = lead.post(f"{LIST}/lot/accepter", case=MANY).headers["Location"].partition("?")[0]
    lot_id = int(address.rpartition("/")[2])
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        for place in range(1, 60):
            refuse_row(uow, lot_id, place, "taken")
    page = lead.get(address).text
    assert "59 refusées, sur 60" in page.replace("\u202f", " ")
    told = lead.get(f"{address}/resultats.csv")
    rows = list(csv.reader(io.StringIO(told.data.decode("utf-8-sig")), delimiter=";"))
    assert told.mimetype == "text/csv" and len(rows) == 61
    assert rows[1] == [MANY[0], "refusée", "déjà prise en charge"] and rows[60] == [
        MANY[59],
        "en attente",
        "",
    ]
    assert log_in("lighting").get(f"{address}/resultats.csv").status_code == 404
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        refuse_row(uow, lot_id, 60, "changed")
        assert end_lot(uow, lot_id)
    page = lead.get(address).text
    assert page.count('name="case"') == 5 and "Toutes les refusées (60)" in page
    again = lead.post(f"{LIST}/lot/planifier?lot={lot_id}", whole="1", planned_on="2026-09-21")
    assert "60 demandes à planifier" in lead.get(again.headers["Location"]).text


def test_the_last_one_is_found_again_from_the_list(log_in: Enter) -> None:
    lead = log_in("team_lead")
    assert 'href="/console/files/lots"' in lead.get(LIST).text
    assert lead.get("/console/files/lots").headers["Location"] == LIST
    address = lead.post(f"{LIST}/lot/accepter", case=MANY).headers["Location"].partition("?")[0]
    assert lead.get("/console/files/lots").headers["Location"] == address


@pytest.mark.parametrize("many", [2, 60])
def test_what_is_missing_is_asked_for_and_nothing_chosen_is_lost(
    log_in: Enter, opened: Open, sessions: Sessions, many: int
) -> None:
    chosen = [opened(), *MANY][:many]
    lead = log_in("team_lead")
    answer = lead.post(f"{LIST}/lot/planifier?tri=recue", case=chosen, planned_on="demain")
    assert answer.status_code == 422 and "Écrivez une date" in answer.text
    assert re.findall(r'name="case" value="([\d-]+)" checked', answer.text) == chosen
    assert 'value="demain"' in answer.text and "/lot/planifier?tri=recue" in answer.text
    assert _state(sessions, chosen[0]) == "assigned"
    answer = lead.post(f"{LIST}/lot/confier", case=chosen, agent_id="")
    assert answer.status_code == 422 and "Choisissez dans la liste" in answer.text


def test_the_whole_list_as_it_was_narrowed_may_be_chosen(
    log_in: Enter, opened: Open, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.web.queues.PAGE", 2)
    monkeypatch.setattr("crm.web.queues.bulk.AT_ONCE", 2)
    wanted = [opened() for _ in range(3)]
    other = opened(category_code="ECLA-01")
    lead = log_in("team_lead")
    assert "Toute la liste (3)" in lead.get(LIST).text
    answer = lead.post(f"{LIST}/lot/accepter?tri=recue", whole="1", case=wanted[0])
    page = lead.get(answer.headers["Location"]).text
    assert "3 demandes à prendre en charge" in page
    with sessions() as session:
        rows = session.scalars(sa.text("SELECT reference FROM lot_rows")).all()
    assert sorted(rows) == sorted(wanted) and other not in rows


def test_more_than_may_be_are_refused_and_kept(log_in: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.cases.lots.actions.MOST_IN_LOT", 55)
    answer = log_in("team_lead").post(f"{LIST}/lot/accepter", case=MANY)
    assert answer.status_code == 422 and "choisissez-en moins" in answer.text
    assert answer.text.count('name="case"') == 60
