"""Results as one types: within reach, in groups, with the words underlined; and the sheet of a usager."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from crm.web.finding.marking import marked
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
_SAID = "Deux lampadaires éteints devant l’école"


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    """Lamps out in Aubreval, told by Aïcha Diallo."""
    place = given.place(label="12 rue des Lilas, Aubreval")
    return world.case(sessions, clock, category_code="ECLA-01", object=_SAID, place=place)


def _typed(browser: Browser, text: str, **more: str) -> str:
    answer = browser.post("/console/recherche/resultats", q=text, **more)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    "typed", ["lampadaire eteint", "ecole", "12 rue des lilas", "lampad", "{end}", "{pairs}", "{whole}"]
)
def test_a_demand_shows_as_one_types(log_in: Enter, reference: str, typed: str) -> None:
    digits = reference.replace("-", "")
    pairs = " ".join((digits[-8:-6], digits[-6:-4], digits[-4:-2], digits[-2:]))
    found = _typed(log_in("advisor"), typed.format(end=digits[-6:], pairs=pairs, whole=digits))
    assert f"/console/demandes/{reference}" in found


@pytest.mark.parametrize("typed", ["Diallo", "dialo", "980001", "06 39 98 00 01", "aicha.di", "7 quai"])
def test_a_usager_shows_as_one_types(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, reference: str, typed: str
) -> None:
    with sessions.begin() as session:
        contact = session.scalar(sa.text("SELECT contact_id FROM cases"))
        point = session.scalar(
            sa.text(
                "INSERT INTO contact_points (kind, value) VALUES ('postal', '7 quai des forges') RETURNING id"
            )
        )
        session.execute(
            sa.text(
                "INSERT INTO contact_links (contact_id, point_id, raw) VALUES (:c, :p, '7 quai des Forges')"
            ),
            {"c": contact, "p": point},
        )
    assert f"/console/usagers/{contact}" in _typed(log_in("advisor"), typed)
    assert f"/console/usagers/{contact}" in _typed(log_in("desk_agent"), typed)
    for who in ("team_lead", "lighting"):
        assert "/console/usagers/" not in _typed(log_in(who), typed), who
    elsewhere = _typed(log_in("neighbour"), typed)
    assert "Diallo" not in elsewhere
    whole = typed == "06 39 98 00 01"  # whoever gives it whole may ask, with a reason
    assert ("/console/usagers/" in elsewhere, "avec un motif" in elsewhere) == (whole, whole)


def test_nobody_finds_out_of_reach(log_in: Enter, reference: str) -> None:
    for typed in ("lampadaire", reference, reference[-6:], "rue des lilas"):
        seen = {who for who in ("advisor", "supervisor", "desk_agent", "neighbour", "team_lead", "lighting")
                if reference in _typed(log_in(who), typed)}  # fmt: skip
        assert seen == {"advisor", "supervisor", "desk_agent", "lighting"}, typed


def test_results_say_how_many_and_underline_what_was_sought(log_in: Enter, reference: str) -> None:
    found = _typed(log_in("advisor"), "lampadaire eteint")
    assert 'data-said="une demande"' in found
    assert "<mark>lampadaires</mark> <mark>éteints</mark>" in found
    assert 'data-said="Rien trouvé"' in _typed(log_in("advisor"), "girafe")
    assert _typed(log_in("advisor"), "a") == ""


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "'; --", "%", "_", "\x00x", "é" * 10_000, "a:* & b"]
)
def test_nothing_typed_breaks_the_page(log_in: Enter, reference: str, typed: str) -> None:
    browser = log_in("advisor")
    assert "<script>alert" not in _typed(browser, typed, on="page")
    page = browser.get("/console/recherche", q=typed)
    assert page.status_code == 200 and "<script>alert" not in page.text


def test_a_link_may_hold_the_words(log_in: Enter, reference: str) -> None:
    browser = log_in("advisor")
    page = browser.get("/console/recherche", q="lampadaires").text
    assert reference in page and 'value="lampadaires"' in page
    assert browser.get("/console/recherche", q=reference).status_code == 302


def test_older_demands_follow(log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock) -> None:
    made = {world.case(sessions, clock, object=f"Girafe numéro {n}") for n in range(23)}
    browser = log_in("advisor")
    browser.post("/console/recherche", q="girafes")
    first = browser.get("/console/recherche").text
    after = first.split('name="apres" value="')[1].split('"')[0]
    second = browser.get("/console/recherche", apres=after).text
    pages = [{one for one in made if f"/console/demandes/{one}" in page} for page in (first, second)]
    assert [len(page) for page in pages] == [20, 3] and pages[0] | pages[1] == made
    for nonsense in ("x-1", "²-1"):
        assert browser.get("/console/recherche", apres=nonsense).status_code == 200


def test_the_word_sought_is_shown_even_far_in_the_text() -> None:
    parts = marked(f"{'Bonjour, ' * 40} le lampadaire clignote", ["lampadaires"])
    assert [part.text for part in parts if part.is_sought] == ["lampadaire"]
    assert parts[0].text.startswith("… ")
    assert not any(part.is_sought for part in marked("Un trottoir", ["trou"]))


# The sheet


@pytest.fixture
def contact(reference: str, sessions: Sessions) -> int:
    with sessions() as session:
        found = session.scalar(sa.text("SELECT contact_id FROM cases"))
    assert found is not None
    return int(found)


def test_a_sheet_shows_ways_to_reach_demands_and_exchanges(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, reference: str, contact: int
) -> None:
    ended = world.case(sessions, clock, CaseState.CLOSED, contact_id=contact)
    page = log_in("advisor").get(f"/console/usagers/{contact}").text
    for told in (
        "06 39 98 00 01",
        "aicha.diallo@exemple.fr",
        reference,
        ended,
        "aujourd’hui",
        "1 en cours",
        "Terminée",
    ):
        assert told in page.replace("une en cours", "1 en cours"), told


def test_opening_a_sheet_is_noted(log_in: Enter, sessions: Sessions, world: World, contact: int) -> None:
    assert "Pourquoi ouvrez-vous" in log_in("neighbour").get(f"/console/usagers/{contact}").text
    assert log_in("team_lead").get(f"/console/usagers/{contact}").status_code == 404
    assert log_in("desk_agent").get(f"/console/usagers/{contact}").status_code == 200
    with sessions() as session:
        read = session.execute(
            sa.text("SELECT actor_id, contact_id FROM contact_readings WHERE actor_kind = 'agent'")
        ).all()
    assert [tuple(row) for row in read] == [(world.ids["desk_agent"], contact)]


def test_a_desk_reads_on_the_sheet_what_concerns_its_commune(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, reference: str, contact: int
) -> None:
    theirs = world.case(
        sessions, clock, contact_id=contact, place=given.place(given.NEIGHBOUR), category_code="DECH-01"
    )
    with sessions.begin() as session:
        session.execute(
            sa.text(
                """
                INSERT INTO interactions
                  (case_id, contact_id, direction, channel, kind, body, state, occurred_at, created_at)
                SELECT id, contact_id, 'in', 'phone', 'call', 'dit de ' || reference, 'recorded', now(), now()
                FROM cases
                """
            )
        )
    pages = {
        who: log_in(who).get(f"/console/usagers/{contact}").text
        for who in ("advisor", "desk_agent", "neighbour")
    }
    said = {
        who: {ref for ref in (reference, theirs) if f"dit de {ref}" in page} for who, page in pages.items()
    }
    assert said == {"advisor": {reference, theirs}, "desk_agent": {reference}, "neighbour": {theirs}}


def test_what_they_follow_is_shown(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, contact: int
) -> None:
    other = world.case(sessions, clock, contact_id=None)
    with sessions.begin() as session:
        session.execute(
            sa.text("INSERT INTO watchers (case_id, contact_id, key, token, channel, answer_channel, since)"
                    " SELECT id, :who, 'k', 't', 'phone', 'none', now() FROM cases WHERE reference = :other"),
            {"who": contact, "other": other},
        )  # fmt: skip
    page = log_in("advisor").get(f"/console/usagers/{contact}").text
    assert "Demandes suivies" in page and other in page


@pytest.mark.parametrize(
    ("channel", "reach", "typed", "is_found"),
    [
        ("email", "nouvelle.adresse@exemple.fr", "nouvelle.adr", False),  # words, not an address
        ("email", "nouvelle.adresse@exemple.fr", "Nouvelle.Adresse@exem", True),
        ("email", "nouvelle.adresse@exemple.fr", "autre@exemple.fr", False),
        ("sms", "+33639980042", "06 39 98 00 42", True),
        ("sms", "+33639980042", "980042", True),
        ("sms", "+33639980042", "06 39 98 00 43", False),
        ("sms", "+33639980042", "42", False),
    ],
)
def test_where_a_usager_asked_to_be_answered_finds_the_demand(
    log_in: Enter, sessions: Sessions, reference: str, channel: str, reach: str, typed: str, is_found: bool
) -> None:
    with sessions.begin() as session:
        session.execute(
            sa.text("UPDATE cases SET answer_channel = :channel, answer_to = :reach"),
            {"channel": channel, "reach": reach},
        )
    assert (reference in _typed(log_in("advisor"), typed)) is is_found
    assert reference not in _typed(log_in("neighbour"), typed), "another mairie"
    assert reference not in _typed(log_in("lighting"), typed), "a unit sees no ways to reach"
