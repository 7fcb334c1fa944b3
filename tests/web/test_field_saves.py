"""What a telephone sends once its network is back: each save once, at its true hour, over nothing newer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from crm.attachments import files_of_case
from crm.cases import CaseState
from crm.cases.orders.models import WorkOrder
from crm.foundation import EventRow, FrozenClock, Sessions
from tests import given
from tests.attachments import pictures
from tests.given import kept_case
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
DOOR = "/console/terrain/envois"


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    """A pothole in the hands of the roads unit, at a known point."""
    place = given.place(lon=3.9, lat=43.6)
    return world.case(sessions, clock, CaseState.IN_PROGRESS, place=place)


def _facts(sessions: Sessions, reference: str) -> list[str]:
    of_case = sa.select(EventRow.kind).where(EventRow.subject_id == kept_case(sessions, reference).id)
    with sessions() as session:
        return list(session.scalars(of_case.where(EventRow.subject_kind == "case")))


def _plan_of(reference: str) -> str:
    return f"/console/demandes/{reference}/planification"


class Telephone:
    """One agent's, which saw the case as it was when it was opened there."""

    def __init__(self, world: World, browser: Browser, reference: str, seen: int, who: str) -> None:
        self.browser, self.agent = browser, world.ids[who]
        self.told = {"reference": reference, "seen_version": seen}
        browser.get("/console/terrain")
        browser.client.environ_base["HTTP_ACCEPT"] = "application/json"

    def send(self, act: str, key: str = "", **fields: Any) -> TestResponse:
        told = {"act": act, "key": key or f"{act}-0123456789abcdef", "agent": self.agent}
        return self.browser.post(DOOR, **{**self.told, **told, **fields})


@pytest.fixture
def phone(log_in: Enter, world: World, sessions: Sessions, reference: str) -> Telephone:
    seen = kept_case(sessions, reference).version
    return Telephone(world, log_in("field_agent"), reference, seen, "field_agent")


def test_the_same_save_is_one_fact_and_one_answer(
    phone: Telephone, sessions: Sessions, reference: str
) -> None:
    def secure() -> TestResponse:
        photos = {"before": (BytesIO(pictures.photo(80, 60)), "avant.jpg")}
        photos["files"] = (BytesIO(pictures.photo(90, 60)), "après.jpg")
        return phone.send("secured", planned_on="2026-09-25", note="Barrières posées.", **photos)

    first, again = secure(), secure()
    assert first.status_code == again.status_code == 200
    assert first.json == again.json and first.json is not None and first.json["done"] is True
    facts = _facts(sessions, reference)
    assert facts.count("case.secured") == 1 and facts.count("files.added") == 2
    with sessions() as session:
        kinds = sorted(file.evidence for file in files_of_case(session, kept_case(sessions, reference).id))
    assert kinds == ["after", "before"]
    assert kept_case(sessions, reference).state == "scheduled", "made safe is not repaired"


def test_three_days_later_it_has_its_true_hour(
    log_in: Enter, phone: Telephone, sessions: Sessions, clock: FrozenClock, reference: str
) -> None:
    pressed = clock.at + timedelta(hours=1)
    clock.at += timedelta(days=3)
    answer = phone.send("done", no_photo="Nuit.", note="Rebouché.", pressed_at=pressed.isoformat())
    assert answer.json is not None and answer.json["done"] is True
    case = kept_case(sessions, reference)
    assert (case.state, case.resolved_at) == ("resolved", pressed)
    page = log_in("advisor").get(f"/console/demandes/{reference}").text.replace("\u202f", " ")
    assert "Fait sur le terrain le 15 septembre, 11 h" in page and "pas de réseau" in page


@pytest.mark.parametrize("days", [-400, 400])
def test_a_wrong_clock_is_put_right(
    phone: Telephone, sessions: Sessions, clock: FrozenClock, reference: str, days: int
) -> None:
    clock.at += timedelta(hours=2)
    pressed = clock.at + timedelta(days=days)
    assert phone.send("done", no_photo="Nuit.", pressed_at=pressed.isoformat()).status_code == 200
    case = kept_case(sessions, reference)
    assert case.resolved_at == (case.received_at if days < 0 else clock.at)


def test_a_wrong_clock_dates_no_visit(
    log_in: Enter, phone: Telephone, clock: FrozenClock, reference: str
) -> None:
    clock.at += timedelta(hours=2)
    pressed = clock.at - timedelta(days=400)
    assert phone.send("nothing_found", pressed_at=pressed.isoformat()).status_code == 200
    page = log_in("advisor").get(f"/console/demandes/{reference}").text
    assert "Passage le 15 septembre, 10\u202fh" in page


def test_a_report_on_what_a_colleague_has_done_says_that_nobody_was_called(
    log_in: Enter, phone: Telephone, sessions: Sessions, reference: str, world: World
) -> None:
    lead = Telephone(
        world, log_in("team_lead"), reference, kept_case(sessions, reference).version, "team_lead"
    )
    assert lead.send("done", key="of-the-team-lead-1", no_photo="Nuit.").status_code == 200
    answer = phone.send("done", note="Rebouché.", no_photo="Nuit.")
    assert answer.json is not None and (answer.json["done"], answer.json["why"]) == (False, "unled")
    assert "aucun service n’y travaille plus" in answer.json["said"]
    assert "est prévenu" not in answer.json["said"] and kept_case(sessions, reference).needs_at is None
    assert phone.send("done").json == answer.json, "and says the same ever after"


def test_an_older_save_is_kept_beside_what_is_newer(
    log_in: Enter, phone: Telephone, sessions: Sessions, reference: str
) -> None:
    told = {"seen_version": str(kept_case(sessions, reference).version), "planned_on": "2026-09-28"}
    lead = log_in("team_lead")
    assert lead.post(_plan_of(reference), **told).status_code == 303
    answer = phone.send("done", note="Rebouché à froid.", no_photo="Tombée de la nuit.")
    assert answer.json is not None and (answer.json["done"], answer.json["why"]) == (False, "moved")
    assert "Rien n’est écrasé" in answer.json["said"]
    case = kept_case(sessions, reference)
    assert (case.state, str(case.planned_on)) == ("scheduled", "2026-09-28")
    assert case.needs_at is not None, "the lead sees it first in the list"
    sheet = lead.get(f"/console/demandes/{reference}").text
    assert "Rebouché à froid." in sheet and "Tombée de la nuit." in sheet
    assert phone.send("done").json == answer.json, "and says the same ever after"


def test_what_the_agent_did_before_is_no_news_to_them(
    phone: Telephone, sessions: Sessions, reference: str
) -> None:
    """Made safe then done, both without network: the page still shows the first version."""
    assert phone.send("on_the_way").status_code == 200
    assert phone.send("secured", planned_on="2026-09-25").status_code == 200
    answer = phone.send("done", no_photo="Nuit.")
    assert answer.json is not None and answer.json["done"] is True
    assert kept_case(sessions, reference).state == "resolved"


@pytest.mark.parametrize(("first", "told"), [("on_the_way", {}), ("need", {"missing": "trade"})])
def test_having_left_does_not_write_over_what_the_lead_planned(
    log_in: Enter, phone: Telephone, sessions: Sessions, reference: str, first: str, told: dict[str, str]
) -> None:
    plan = {"seen_version": str(kept_case(sessions, reference).version), "planned_on": "2026-09-28"}
    assert log_in("team_lead").post(_plan_of(reference), **plan).status_code == 303
    assert phone.send(first, **told).status_code == 200
    answer = phone.send("done", no_photo="Nuit.")
    assert answer.json is not None and (answer.json["done"], answer.json["why"]) == (False, "moved")
    assert kept_case(sessions, reference).state == "scheduled"


def test_nor_over_what_the_lead_planned_of_an_order(
    log_in: Enter, world: World, sessions: Sessions, trench: str
) -> None:
    plan = {"act": "plan", "seen_version": "1", "planned_on": "2026-09-28", "key": "p" * 24}
    assert log_in("team_lead").post(f"/console/interventions/{trench}/1", **plan).status_code == 303
    phone = Telephone(world, log_in("field_agent"), trench, 1, "field_agent")
    assert phone.send("on_the_way", number="1").status_code == 200
    answer = phone.send("done", number="1", no_photo="Nuit.", note="Rebouché.")
    assert answer.json is not None and (answer.json["done"], answer.json["why"]) == (False, "moved")
    with sessions() as session:
        assert session.scalars(sa.select(WorkOrder.state)).one() == "planned"


def test_a_day_that_is_past_when_it_arrives_is_for_the_lead(
    phone: Telephone, sessions: Sessions, clock: FrozenClock, reference: str
) -> None:
    clock.at += timedelta(days=4)
    answer = phone.send("secured", planned_on="2026-09-17", note="Barrières.")
    assert answer.json is not None and answer.json["why"] == "past"
    case = kept_case(sessions, reference)
    assert case.made_safe_at is None and case.needs_at is not None, "nobody is told of a day that is over"


def test_two_telephones_on_one_order(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, trench: str
) -> None:
    one, other = (Telephone(world, log_in(who), trench, 1, who) for who in ("field_agent", "team_lead"))
    pressed = clock.at + timedelta(minutes=5)
    clock.at += timedelta(hours=3)
    done = {"no_photo": "Nuit.", "note": "Rebouché.", "pressed_at": pressed.isoformat()}
    first = one.send("done", key="first-telephone-key", number="1", **done)
    second = other.send("need", key="second-telephone-key", number="1", missing="trade", note="Électricien.")
    assert first.json is not None and first.json["done"] is True
    assert second.json is not None and second.json["why"] == "moved"
    assert "le service qui suit la demande est prévenu" in second.json["said"]
    with sessions() as session:
        order = session.scalars(sa.select(WorkOrder)).one()
    assert (order.state, order.outcome, order.ended_at) == ("done", "F", pressed)
    page = log_in("lighting").get(f"/console/demandes/{trench}").text
    assert "Un autre métier — Électricien." in page


def test_another_trade_is_asked_of_the_lead_in_one_tap(
    log_in: Enter, sessions: Sessions, trench: str
) -> None:
    ground, place = log_in("field_agent"), f"/console/terrain/{trench}/1"
    for act in ("on_the_way", "need"):
        form = {**ground.form(place), "act": act, "missing": "trade", "key": f"{act}-0123456789abc"}
        assert ground.post(place, **form).status_code == 303
    assert {"order.on_the_way", "order.needs_more"} <= set(_facts(sessions, trench))
    assert kept_case(sessions, trench).needs_at is not None


def test_another_trade_for_a_demand_that_nobody_leads_any_more(
    log_in: Enter, world: World, sessions: Sessions, trench: str
) -> None:
    lighting = log_in("lighting")
    back = {
        "seen_version": kept_case(sessions, trench).version,
        "reason": "not_competent",
        "motive": "Voirie privée.",
    }
    assert lighting.post(f"/console/demandes/{trench}/renvoi", **back).status_code == 303
    phone = Telephone(world, log_in("field_agent"), trench, 1, "field_agent")
    answer = phone.send("need", number="1", missing="trade")
    assert answer.json is not None and answer.json["done"] is True
    assert "aucun service ne suit la demande" in answer.json["said"]


def test_how_far_is_told_and_where_is_not_kept(
    log_in: Enter, phone: Telephone, sessions: Sessions, reference: str
) -> None:
    assert phone.send("on_the_way", lon="3.9026789", lat="43.6001234").status_code == 200
    page = log_in("advisor").get(f"/console/demandes/{reference}").text
    assert "à 200 m environ" in page.replace("\u202f", " ").replace("\u00a0", " ")
    with sessions() as session:
        kept = str(list(session.scalars(sa.select(EventRow.data))))
    assert "3.90" not in kept and "43.60" not in kept


def test_what_stays_in_the_telephone(
    log_in: Enter, world: World, phone: Telephone, sessions: Sessions, clock: FrozenClock
) -> None:
    """A colleague's session, a demand of another unit, a form that is none, nobody logged in."""
    assert phone.send("done", agent=world.ids["team_lead"]).status_code == 401
    theirs = world.case(sessions, clock, CaseState.IN_PROGRESS, category_code="ECLA-01")
    assert phone.send("done", reference=theirs).status_code == 404
    for wrong in ({"act": "close"}, {"key": "short"}, {"reference": "2026-000001-00"}):
        assert phone.send(**{"act": "done", **wrong}).status_code == 400  # type: ignore[arg-type]
    phone.browser.client.delete_cookie("crm")
    assert phone.send("done").status_code == 401


def test_a_key_is_its_owner_s(log_in: Enter, world: World, phone: Telephone, reference: str) -> None:
    assert phone.send("on_the_way").status_code == 200
    lead = Telephone(world, log_in("team_lead"), reference, 1, "team_lead")
    assert lead.send("on_the_way").status_code == 404


def test_the_worker_reaches_the_ground_alone(log_in: Enter) -> None:
    answer = log_in("field_agent").get("/console/terrain/hors-reseau.js")
    assert answer.status_code == 200 and answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/console/terrain"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert answer.headers["Cache-Control"] == "no-cache"
