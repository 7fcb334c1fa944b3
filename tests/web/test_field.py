"""The ground: big buttons, a photo, one note; what a bad network sends twice counts once; nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.test import TestResponse

from crm.cases import Case, CaseState
from crm.foundation import EventRow, FrozenClock, Sessions
from tests import given
from tests.given import kept_case
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Open = Callable[..., str]


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Open:
    return lambda *state, **told: world.case(sessions, clock, *(state or (CaseState.SCHEDULED,)), **told)


def _press(browser: Browser, sessions: Sessions, reference: str, act: str, **fields: Any) -> TestResponse:
    told = {
        "act": act,
        "key": f"{reference}-{act}-0123456789",
        "seen_version": kept_case(sessions, reference).version,
    }
    return browser.post(f"/console/terrain/{reference}", **{**told, **fields})


def _photo() -> tuple[BytesIO, str]:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(drawn, "JPEG")
    drawn.seek(0)
    return drawn, "travaux.jpg"


def _facts(sessions: Sessions, reference: str, kind: str) -> int:
    with sessions() as session:
        wanted = sa.select(sa.func.count()).where(
            EventRow.subject_id == kept_case(sessions, reference).id, EventRow.kind == kind
        )
        return session.scalar(wanted) or 0


def test_the_list_holds_the_work_of_the_unit_and_no_name(log_in: Enter, opened: Open) -> None:
    ours, theirs = opened(), opened(category_code="ECLA-01")
    waiting = opened(CaseState.ASSIGNED)
    browser = log_in("field_agent")
    page = browser.get("/console/terrain").text
    assert ours in page and theirs not in page and waiting not in page
    one = browser.get(f"/console/terrain/{ours}").text
    assert "Diallo" not in one and "aicha" not in one and "06 39" not in one
    assert browser.get(f"/console/terrain/{theirs}").status_code == 404
    assert _press_status(browser, theirs) == 404


def _press_status(browser: Browser, reference: str) -> int:
    fields = {"act": "done", "key": "k" * 20, "seen_version": "1"}
    return browser.post(f"/console/terrain/{reference}", **fields).status_code


def test_made_safe_sent_twice_by_a_bad_network_is_one_fact(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    reference, browser = opened(), log_in("field_agent")
    stale = kept_case(sessions, reference).version
    fields = {"planned_on": "2026-09-25", "note": "Barrières posées.", "seen_version": stale}
    first = _press(browser, sessions, reference, "secured", **fields, files=_photo())
    again = _press(browser, sessions, reference, "secured", **fields, files=_photo())
    assert (first.status_code, again.status_code) == (303, 303)
    assert _facts(sessions, reference, "case.secured") == 1
    assert _facts(sessions, reference, "files.added") == 1
    case = kept_case(sessions, reference)
    assert case.state == "scheduled" and case.made_safe_at is not None


def test_done_wants_a_photo_or_the_reason_where_the_category_asks(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    reference, other = opened(), opened()
    browser = log_in("field_agent")
    refused = _press(browser, sessions, reference, "done", note="Rebouché à 9 h.")
    assert refused.status_code == 422 and "Rebouché à 9 h." in refused.text
    assert _press(browser, sessions, reference, "done", no_photo="Il fait nuit.").status_code == 303
    assert _press(browser, sessions, other, "done", files=_photo()).status_code == 303
    assert {kept_case(sessions, one).state for one in (reference, other)} == {"resolved"}


def test_what_is_missing_goes_back_to_the_lead(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    reference, browser = opened(), log_in("field_agent")
    assert _press(browser, sessions, reference, "need").status_code == 422
    assert _press(browser, sessions, reference, "need", note="Il faut une nacelle.").status_code == 303
    lead = log_in("team_lead")
    assert "Besoin d’autre chose" in lead.get("/console/terrain").text
    assert "Il faut une nacelle." in lead.get(f"/console/demandes/{reference}").text
    told = {"seen_version": str(kept_case(sessions, reference).version), "planned_on": "2026-09-28"}
    assert lead.post(f"/console/demandes/{reference}/planification", **told).status_code == 303
    assert kept_case(sessions, reference).needs_at is None


def test_on_the_way_is_said_and_moves_nothing(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    reference, browser = opened(), log_in("field_agent")
    assert _press(browser, sessions, reference, "on_the_way").status_code == 303
    assert _facts(sessions, reference, "case.on_the_way") == 1
    assert kept_case(sessions, reference).state == "scheduled"


def test_a_demand_that_changed_meanwhile_keeps_the_words(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    reference, browser = opened(), log_in("field_agent")
    answer = _press(browser, sessions, reference, "nothing_found", seen_version=0, note="Personne.")
    assert answer.status_code == 409 and "Personne." in answer.text
    assert "a changé entre-temps" in answer.text


def test_nothing_found_says_when_somebody_went(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    reference, browser = opened(place=given.place()), log_in("field_agent")
    assert _press(browser, sessions, reference, "nothing_found").status_code == 303
    case = kept_case(sessions, reference)
    assert (case.state, case.outcome) == ("resolved", "NC")
    report = log_in("advisor").get(f"/console/demandes/{reference}").text
    assert "Passage le 15 septembre, 10\u202fh" in report


def test_the_nearest_come_first_and_the_position_is_not_kept(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    far, near, nowhere = (opened(object=one) for one in ("loin", "près", "sans point"))
    with sessions.begin() as session:
        for reference, lon in ((far, 3.95), (near, 3.901)):
            session.execute(sa.update(Case).where(Case.reference == reference).values(lon=lon, lat=43.6))
        session.execute(sa.update(Case).where(Case.reference == nowhere).values(lon=None, lat=None))
    browser = log_in("field_agent")
    answer = browser.post("/console/terrain/distance", lon="3.90012345", lat="43.6")
    page = answer.text.replace("\u202f", " ").replace("\u00a0", " ")
    places = [page.find(f"/console/terrain/{one}") for one in (near, far, nowhere)]
    assert -1 not in places and places == sorted(places)
    assert "à 100 m" in page and "à 4,0 km" in page
    assert "3.9001" not in page and "3.9" not in str(answer.headers)
    for lon, lat in (("", ""), ("x", "43.6"), ("900", "43.6"), ("nan", "43")):
        assert browser.post("/console/terrain/distance", lon=lon, lat=lat).status_code == 303
    assert log_in("advisor").post("/console/terrain/distance", lon="3.9", lat="43.6").status_code == 404
