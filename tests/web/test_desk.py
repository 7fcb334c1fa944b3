"""A mairie's desk: its day on one page, a short form, a receipt, a list for the mayor."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from crm.cases import CaseState, spoken
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.interactions import Interaction, Message, SendingState, queue_message
from crm.reactions import REACTIONS
from tests import given
from tests.given import NEIGHBOUR, TOWN, kept_case
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Open = Callable[..., str]
HERE, ELSEWHERE = given.place(TOWN), given.place(NEIGHBOUR, label="3 rue d’en face")


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Open:
    return lambda *state, **told: world.case(sessions, clock, *state, **told)


def _text(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_the_day_of_a_desk_holds_its_commune_and_no_other(log_in: Enter, opened: Open) -> None:
    ours, theirs = opened(place=HERE), opened(place=ELSEWHERE)
    ended = opened(CaseState.CLOSED, place=HERE)
    browser = log_in("desk_agent")
    assert browser.get("/console/").headers["Location"] == "/console/accueil"
    page = browser.get("/console/accueil").text
    assert ours in page and ended in page and theirs not in page


def test_who_keeps_no_desk_has_no_such_page(log_in: Enter) -> None:
    assert log_in("advisor").get("/console/accueil").headers["Location"] == "/console/demandes/nouvelle"
    assert log_in("field_agent").get("/console/accueil").status_code == 404


def _call(sessions: Sessions, clock: FrozenClock, reference: str) -> int:
    case = kept_case(sessions, reference)
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        told = Message(kind="answer", channel="phone", recipient="+33639980001", body="C’est fait.")
        return queue_message(uow, case, case.id, told)


def test_a_desk_calls_back_for_its_commune_alone(
    log_in: Enter, opened: Open, sessions: Sessions, clock: FrozenClock
) -> None:
    ours = _call(sessions, clock, opened(place=HERE))
    theirs = _call(sessions, clock, opened(place=ELSEWHERE, category_code="ECLA-01"))
    desk, page = log_in("desk_agent"), "/console/rappels"
    assert f"/console/rappels/{ours}" in desk.get(page).text
    assert f"/console/rappels/{theirs}" not in desk.get(page).text
    assert desk.post(f"/console/rappels/{theirs}", reached="1").status_code == 404
    assert desk.post(f"/console/rappels/{ours}", reached="1").status_code == 303
    with sessions() as session:
        states = [session.get_one(Interaction, one).state for one in (ours, theirs)]
    assert states == [SendingState.CALLED, SendingState.TO_CALL]
    assert f"/console/rappels/{theirs}" in log_in("advisor").get(page).text


def test_the_first_load_of_the_day_fits_an_old_line(log_in: Enter, opened: Open) -> None:
    for _ in range(6):
        opened(place=HERE)
    browser = log_in("desk_agent")
    page = browser.get("/console/accueil")
    sent = len(gzip.compress(page.data))
    seen: set[str] = set()
    waiting = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        with browser.get(path) as asset:
            sent += len(gzip.compress(asset.data))
            text = asset.get_data(as_text=True)
        if path.endswith(".js"):  # what it imports at once comes with it
            imported = re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', text)
            waiting += [f"/static/{name}" for name in imported]
    assert len(seen) >= 3, "style and script are counted"
    assert sent < 150_000, f"{sent} bytes"


def _typed(browser: Browser, **told: str) -> dict[str, str]:
    hidden = {k: v for k, v in browser.form("/console/guichet/nouvelle").items() if k in {"draft", "channel"}}
    return {
        **hidden, "commune": TOWN, "answer_channel": "none", "object": "Trou dans la route",
        "any_category": "VOIR-01", **told,
    }  # fmt: skip


def test_at_the_counter_an_address_is_chosen_in_a_list_and_the_receipt_says_it_all(
    log_in: Enter, sessions: Sessions
) -> None:
    desk = log_in("desk_agent")
    typed = _typed(desk, place_text="12 lilas")
    asked = desk.post("/console/guichet/nouvelle", **typed)
    assert asked.status_code == 422 and "Trou dans la route" in asked.text
    found = re.search(r'name="place_choice" value="([as]\d+)"> <span>([^<]+)', asked.text)
    assert found
    done = desk.post("/console/guichet/nouvelle", **typed, place_choice=found[1])
    assert done.status_code == 303
    reference = done.headers["Location"].split("/")[-2]
    case = kept_case(sessions, reference)
    assert (case.channel, case.origin_insee, case.place_label) == ("desk", TOWN, found[2])
    assert case.street_id is not None
    shown = desk.get(done.headers["Location"]).text
    assert f"/console/demandes/{reference}/recepisse.pdf" in shown
    said = _text(desk.get(f"/console/demandes/{reference}/recepisse.pdf").data)
    for fact in (spoken(reference), "Trou dans la route", "01 99 00 00 00", "Voirie", found[2].split(",")[0],
                 "1 place de la Métropole", case.public_token[:20], "ce papier"):  # fmt: skip
        assert re.sub(r"\s+", " ", fact) in said, fact


def test_all_that_is_missing_is_said_at_once_and_nothing_is_lost(log_in: Enter) -> None:
    desk = log_in("desk_agent")
    typed = _typed(desk, any_category="", object="nid de poule", place_text="12 lilas", family_name="O'Brien")
    page = desk.post("/console/guichet/nouvelle", **typed)
    assert page.status_code == 422
    for kept in (
        "Choisissez la catégorie",
        "Choisissez l’adresse",
        "nid de poule",
        "O&#39;Brien",
        'value="VOIR-01"',
    ):
        assert kept in page.text, kept


def test_a_place_that_is_in_no_list_stays_as_it_was_said(log_in: Enter, sessions: Sessions) -> None:
    desk = log_in("desk_agent")
    typed = _typed(desk, place_text="12 lilas", place_choice="libre", hint="au bout")
    done = desk.post("/console/guichet/nouvelle", **typed)
    assert done.status_code == 303
    case = kept_case(sessions, done.headers["Location"].split("/")[-2])
    assert (case.place_label, case.insee, case.place_hint) == ("12 lilas", TOWN, "au bout")


def test_the_same_form_twice_is_one_demand(log_in: Enter, sessions: Sessions) -> None:
    desk = log_in("desk_agent")
    typed = _typed(desk)
    first, second = (desk.post("/console/guichet/nouvelle", **typed) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]


def test_a_receipt_takes_words_as_words(log_in: Enter, opened: Open) -> None:
    reference = opened(place=HERE, object='#panic("x") *gras* $x$ <script> \\ ] }')
    said = _text(log_in("desk_agent").get(f"/console/demandes/{reference}/recepisse.pdf").data)
    assert '#panic("x") *gras*' in said


def test_a_receipt_of_another_commune_does_not_exist(log_in: Enter, opened: Open) -> None:
    reference = opened(place=HERE)
    path = f"/console/demandes/{reference}/recepisse.pdf"
    assert log_in("neighbour").get(path).status_code == 404
    assert log_in("advisor").get(path).status_code == 200


def test_the_mayor_reads_what_and_where_and_never_who(
    log_in: Enter, opened: Open, clock: FrozenClock
) -> None:
    hostile = given.place(TOWN, label="=HYPERLINK(1) rue")
    ours = opened(place=HERE, object="Mme Diallo dit que le trou grandit")
    formula, theirs = opened(place=hostile), opened(place=ELSEWHERE)
    desk = log_in("desk_agent")
    page, table = desk.get("/console/liste-maire").text, desk.get("/console/liste-maire.csv").text
    for said in (page, table):
        assert ours in said and theirs not in said and "Diallo" not in said
    assert formula in table and "'=HYPERLINK" in table
    assert ours not in desk.get("/console/liste-maire", etat="terminees").text
    past = (clock.now() - timedelta(days=90)).date().isoformat()
    assert ours not in desk.get("/console/liste-maire", du=past, au=past).text
    assert theirs not in desk.get("/console/liste-maire", commune=NEIGHBOUR).text


def test_the_monday_message_is_a_choice(log_in: Enter) -> None:
    desk = log_in("desk_agent")
    assert 'name="weekly_digest" id="weekly_digest" value="1" checked' in desk.get("/console/accueil").text
    desk.post("/console/accueil/point-du-lundi")
    assert (
        'name="weekly_digest" id="weekly_digest" value="1" checked' not in desk.get("/console/accueil").text
    )
