"""Finding an address while it is being typed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.territory import search_addresses


def labels(session: Session, text: str, insee: str | None = None) -> list[str]:
    return [hit.label for hit in search_addresses(session, text, insee=insee)]


def test_homonym_streets_are_told_apart_by_their_commune(session: Session) -> None:
    assert labels(session, "12 rue des lilas") == [
        "12 rue des Lilas, Aubreval",
        "12 rue des Lilas, Montclar-le-Vieux",
    ]


@pytest.mark.parametrize(
    "text",
    ["12 rue des lilas mont", "12 rue des lilas, montclar", "12 r lilas 99820", "12 lilas 99820 Montclar"],
)
def test_a_commune_or_a_postcode_narrows(session: Session, text: str) -> None:
    assert labels(session, text) == ["12 rue des Lilas, Montclar-le-Vieux"]


def test_a_desk_searches_its_own_commune(session: Session) -> None:
    assert labels(session, "rue des lilas", insee="99802") == ["Rue des Lilas, Montclar-le-Vieux"]


def test_a_letter_and_bis_are_two_doors_and_a_typed_b_prefers_the_letter(session: Session) -> None:
    assert labels(session, "12 bis rue des lilas aubreval") == ["12 bis rue des Lilas, Aubreval"]
    assert labels(session, "12 b rue des lilas aubreval") == ["12 B rue des Lilas, Aubreval"]


def test_an_unknown_number_is_said_and_shows_the_nearest(session: Session) -> None:
    hit = search_addresses(session, "99 rue des lilas aubreval")[0]
    assert (hit.label, hit.number_unknown, hit.precision) == ("99 rue des Lilas, Aubreval", True, "street")
    assert hit.address_id is None
    assert hit.lon == pytest.approx(3.9002, abs=0.0001)


def test_the_number_of_a_date_is_not_a_door(session: Session) -> None:
    assert labels(session, "8 mai 1945") == ["Rue du 8 Mai 1945, Aubreval"]
    assert labels(session, "8 rue du 8 mai 1945") == ["8 rue du 8 Mai 1945, Aubreval"]


def test_a_road_is_found_by_its_number(session: Session) -> None:
    hit = search_addresses(session, "D12")[0]
    assert (hit.label, hit.ownership) == ("Route départementale 12, Montclar-le-Vieux", "departmental")


def test_a_commune_alone_is_a_place(session: Session) -> None:
    hit = search_addresses(session, "montclar")[0]
    assert (hit.label, hit.precision, hit.street_id) == ("Montclar-le-Vieux", "commune", None)


def test_a_street_that_is_not_in_the_commune_named_leaves_the_commune_first(session: Session) -> None:
    assert labels(session, "5 av de Gaulle, Montclar") == [
        "Montclar-le-Vieux",
        "5 Av. du Gal de Gaulle, Aubreval",
    ]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("square des chê", "Square des Chênes"),
        ("allée des sur", "Allée des Sureaux"),
        ("chemin de la boul", "Chemin de la Boulangerie"),
    ],
)
def test_a_name_that_begins_as_an_abbreviation_or_an_article_is_found_while_typed(
    session: Session, text: str, label: str
) -> None:
    assert f"{label}, Montclar-le-Vieux" in labels(session, text)


@pytest.mark.parametrize("text", ["rue des lylas", "rue des lilsa", "12 rue des lilas aubrevla"])
def test_typing_mistakes_are_forgiven(session: Session, text: str) -> None:
    assert "ue des Lilas, Aubreval" in labels(session, text)[0]


@pytest.mark.parametrize(
    "text", ["", "r", "rue", "12", "12 rue", "'", "\\", "%", ":*", "a & b", "(", "\x00", "🙂"]
)
def test_too_little_or_nonsense_finds_nothing_and_breaks_nothing(session: Session, text: str) -> None:
    assert search_addresses(session, text) == []


def test_the_number_of_statements_does_not_depend_on_the_answers(session: Session) -> None:
    search_addresses(session, "lilas")  # boundaries are read once, then kept
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    bind = session.connection().engine
    sa.event.listen(bind, "before_cursor_execute", note)
    search_addresses(session, "12 rue des lilas")
    sa.event.remove(bind, "before_cursor_execute", note)
    assert len(seen) == 1
