"""Lists narrowed, sorted, kept under a name and taken away as files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
_LIST = "/console/files/toutes"


def _on(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'class="ref num">([\d-]+)<', page)))


@pytest.fixture
def three(world: World, sessions: Sessions, clock: FrozenClock) -> dict[str, str]:
    """A pothole by phone, a bin of the neighbour by mail, a lamp at work, late and urgent."""
    pothole = world.case(sessions, clock, object="Un trou devant l’école")
    bin_ = world.case(
        sessions, clock, category_code="DECH-01", place=given.place(given.NEIGHBOUR), channel="email",
        received_at=clock.now() - timedelta(days=4),
    )  # fmt: skip
    lamp = world.case(
        sessions, clock, CaseState.IN_PROGRESS, category_code="ECLA-01", object="Lampadaires éteints"
    )
    with sessions.begin() as session:
        session.execute(
            sa.text("UPDATE cases SET due_at = :past, priority = 1 WHERE reference = :lamp"),
            {"past": clock.now() - timedelta(days=2), "lamp": lamp},
        )
    return {"pothole": pothole, "bin": bin_, "lamp": lamp}


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"etat": "in_progress"}, {"lamp"}),
        ({"service": "voirie"}, {"pothole"}),
        ({"categorie": "ECLA"}, {"lamp"}),
        ({"categorie": "DECH-01"}, {"bin"}),
        ({"commune": given.NEIGHBOUR}, {"bin"}),
        ({"canal": "email"}, {"bin"}),
        ({"priorite": "1"}, {"lamp"}),
        ({"du": "2026-09-15"}, {"pothole", "lamp"}),
        ({"au": "2026-09-14"}, {"bin"}),
        ({"du": "2026-09-11", "au": "2026-09-11"}, {"bin"}),
        ({"retard": "1"}, {"lamp"}),
        ({"texte": "lampadaire eteint"}, {"lamp"}),
        ({"texte": "école", "service": "voirie"}, {"pothole"}),
        ({"texte": "girafe"}, set()),
        ({"texte": "!!!"}, set()),
        ({"service": "voirie", "canal": "email"}, set()),
    ],
)
def test_a_list_is_narrowed_by_its_address(
    log_in: Enter, three: dict[str, str], query: dict[str, str], kept: set[str]
) -> None:
    page = log_in("advisor").get(_LIST, **query).text
    assert set(_on(page)) == {three[name] for name in kept}
    if not kept:
        assert "Aucune demande ne correspond à ces filtres" in page


def test_what_means_nothing_is_left_out_of_the_address(log_in: Enter, three: dict[str, str]) -> None:
    asked = {
        "etat": "",
        "service": "voirie",
        "canal": "pigeon",
        "du": "hier",
        "priorite": "9",
        "tri": "echeance",
    }
    answer = log_in("advisor").get(_LIST, **asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{_LIST}?service=voirie")


def test_what_has_ended_is_found_again(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, three: dict[str, str]
) -> None:
    ended = world.case(sessions, clock, CaseState.CANCELLED)
    browser = log_in("advisor")
    assert _on(browser.get(_LIST, etat="cancelled").text) == [ended]
    assert browser.get("/console/files/en-retard", etat="cancelled").status_code == 302


@pytest.mark.parametrize(("sort", "first"), [("", "lamp"), ("recue", "lamp"), ("priorite", "lamp")])
def test_each_order_has_its_first_line(log_in: Enter, three: dict[str, str], sort: str, first: str) -> None:
    page = log_in("advisor").get(_LIST, **({"tri": sort} if sort else {})).text
    assert _on(page)[0] == three[first]


@pytest.mark.parametrize("sort", ["echeance", "recue", "priorite"])
@pytest.mark.parametrize("filtered", [True, False])
def test_pages_neither_skip_nor_repeat_whatever_the_ties(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, sort: str, filtered: bool
) -> None:
    made = {world.case(sessions, clock, contact_id=None) for _ in range(121)}
    with sessions.begin() as session:  # few moments and priorities for many cases
        session.execute(
            sa.text("UPDATE cases SET due_at = :now + (id % 3) * interval '1 day', priority = 2 + id % 2,"
                    " received_at = :now - (id % 2) * interval '1 hour'"),
            {"now": clock.now()},
        )  # fmt: skip
    browser, seen = log_in("advisor"), list[str]()
    query = {"tri": sort, "service": "voirie"} if filtered else {"tri": sort}
    query = {name: value for name, value in query.items() if value != "echeance"}
    while True:
        page = browser.get(_LIST, **query).text
        seen += _on(page)
        further = re.search(r'rel="next" href="[^"]*apres=([\d-]+)', page)
        if further is None:
            break
        query["apres"] = further.group(1)
    assert len(seen) == len(set(seen)) and set(seen) == made


def test_a_desk_narrows_its_own_commune_only(log_in: Enter, three: dict[str, str]) -> None:
    page = log_in("desk_agent").get(_LIST, commune=given.NEIGHBOUR).text
    assert three["bin"] not in page and "Aucune demande ne correspond" in page


def test_a_list_is_kept_under_a_name_for_oneself(
    log_in: Enter, three: dict[str, str], sessions: Sessions
) -> None:
    browser, colleague = log_in("advisor"), log_in("supervisor")
    kept = browser.post(
        f"{_LIST}/enregistrement", name=" Éclairage  en retard ", categorie="ECLA", retard="1"
    )
    assert (kept.status_code, kept.headers["Location"]) == (303, f"{_LIST}?categorie=ECLA&retard=1")
    page = browser.get(_LIST, categorie="ECLA", retard="1").text
    assert page.count("Éclairage en retard") == 2, "in the column, and above the list"
    assert "Éclairage en retard" not in colleague.get(_LIST).text
    with sessions() as session:
        view = session.scalar(sa.text("SELECT id FROM saved_views"))
    assert colleague.post(f"{_LIST}/retrait/{view}").status_code == 404
    assert browser.post(f"{_LIST}/retrait/{view}").status_code == 303
    assert "Éclairage en retard" not in browser.get(_LIST).text


def test_a_list_is_shared_with_a_unit_and_taken_away_by_who_leads_it(
    log_in: Enter, world: World, three: dict[str, str], sessions: Sessions
) -> None:
    roads, member, other = str(world.services["voirie"]), log_in("field_agent"), log_in("lighting")
    told = {"name": "Trous en retard", "retard": "1", "unit": roads}
    member.post(f"{_LIST}/enregistrement", **told)
    lead = log_in("team_lead")
    page = lead.get(_LIST, retard="1").text
    assert "Listes du service" in page and "Partagée avec" in page and "Retirer des listes du service" in page
    assert "Trous en retard" not in other.get(_LIST).text
    # nobody shares with a unit that is not theirs, nor takes a colleague's name
    assert "Choisissez" in other.get(other.post(f"{_LIST}/enregistrement", **told).headers["Location"]).text
    lead.post(f"{_LIST}/enregistrement", **{**told, "categorie": "VOIR"})
    assert "choisissez un autre nom" in lead.get(_LIST).text
    with sessions() as session:
        (view,) = session.scalars(sa.text("SELECT id FROM saved_views")).all()
    assert other.post(f"{_LIST}/retrait/{view}").status_code == 404
    assert lead.post(f"{_LIST}/retrait/{view}").status_code == 303
    assert "Trous en retard" not in member.get(_LIST).text


@pytest.mark.parametrize(("name", "said"), [("", "Remplissez"), ("x" * 61, "trop long")])
def test_a_name_is_needed_and_short(log_in: Enter, name: str, said: str) -> None:
    browser = log_in("advisor")
    browser.post(f"{_LIST}/enregistrement", name=name, retard="1")
    assert said in browser.get(_LIST).text


def _csv(browser: Browser, **query: str) -> list[dict[str, str]]:
    answer = browser.get(f"{_LIST}/export.csv", **query)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="demandes-toutes-2026-09-15.csv"'
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_file_holds_the_list_and_no_formula(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(
        sessions, clock, object='=HYPERLINK("http://x")', place=given.place(label="+1 rue")
    )
    row = _csv(log_in("advisor"))[0]
    assert row["Référence"] == reference
    assert (row["Objet"], row["Lieu"]) == ('\'=HYPERLINK("http://x")', "'+1 rue")
    assert (row["Reçue (ISO)"], row["Reçue"]) == ("2026-09-15T10:00+02:00", "15/09/2026 10:00")
    book = load_workbook(io.BytesIO(log_in("advisor").get(f"{_LIST}/export.xlsx").data)).active
    assert book is not None and book["F2"].value == '\'=HYPERLINK("http://x")'


def test_a_file_says_of_the_usager_what_the_page_says(
    log_in: Enter, three: dict[str, str], sessions: Sessions
) -> None:
    known = {who: {row["Référence"]: row["Usager"] for row in _csv(log_in(who))} for who in
             ("advisor", "desk_agent", "neighbour", "team_lead")}  # fmt: skip
    assert known["advisor"] == dict.fromkeys(three.values(), "Aïcha Diallo")
    assert known["desk_agent"] == {three[name]: "Aïcha Diallo" for name in ("pothole", "lamp")}
    assert known["neighbour"] == {three["bin"]: "Aïcha Diallo"}
    assert known["team_lead"] == {three["pothole"]: "A. D."}
    assert "aicha" not in str(_csv(log_in("team_lead")))
    with sessions() as session:
        facts = session.execute(sa.text("SELECT data FROM events WHERE kind = 'list.exported'")).all()
    assert len(facts) == 5 and facts[0].data == {"view": "toutes", "form": "csv"}


def test_a_file_follows_filters_and_selection(log_in: Enter, three: dict[str, str]) -> None:
    browser = log_in("advisor")
    assert {row["Référence"] for row in _csv(browser, categorie="ECLA")} == {three["lamp"]}
    assert {row["Référence"] for row in _csv(browser, case=three["bin"])} == {three["bin"]}
    assert _csv(log_in("desk_agent"), case=three["bin"]) == [], "a reference opens nothing out of reach"
    assert browser.get("/console/files/inconnue/export.csv").status_code == 404
    assert log_in("config_admin").get(f"{_LIST}/export.csv").status_code == 404
