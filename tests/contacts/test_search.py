"""Who is calling? Found by what the agent hears or sees, chosen by nobody but the agent."""

from __future__ import annotations

import pytest

from crm.contacts import ContactHit, NewContact, find_or_create_contact, search_contacts
from crm.foundation import UnitOfWork


@pytest.fixture
def people(uow: UnitOfWork) -> UnitOfWork:
    for told in (
        NewContact(
            family_name="Diallo", first_name="Aïcha", phone="06 12 34 56 78", email="aicha.d@exemple.fr"
        ),
        NewContact(family_name="Lefèvre", first_name="Jean-Noël", phone="04 99 00 12 34"),
        NewContact(family_name="Ben Ali", first_name="Karim", postal=("3 rue Basse", "99100 Valbrune")),
        NewContact(family_name="Martin", first_name="Zoé", phone="06 00 00 00 01"),
        NewContact(family_name="Martin", first_name="Paul", phone="06 00 00 00 01"),
        NewContact(family_name="O"),
        NewContact(family_name="محمد"),
        NewContact(kind="organization", organization_name="Syndic Les Tilleuls", phone="3949"),
        NewContact(family_name="Bernard", first_name="Luc", email="luc_b@exemple.fr"),
    ):
        find_or_create_contact(uow, told)
    return uow


def _names(hits: list[ContactHit]) -> list[str]:
    return [hit.display_name for hit in hits]


@pytest.mark.parametrize(
    "typed", ["0612345678", "06.12.34.56.78", "+33(0)6 12 34 56 78", "0033 6 12 34 56 78"]
)
def test_a_whole_number_finds_its_only_holder_for_sure(people: UnitOfWork, typed: str) -> None:
    (hit,) = search_contacts(people.session, typed)

    assert (hit.display_name, hit.match, hit.certainty) == ("Aïcha Diallo", "phone", "sure")
    assert (hit.phone, hit.email) == ("06 12 34 56 78", "aicha.d@exemple.fr")


@pytest.mark.parametrize("typed", ["5678", "56 78", "34 56 78", "06 12 34"])
def test_part_of_a_number_finds_candidates(people: UnitOfWork, typed: str) -> None:
    hits = search_contacts(people.session, typed)

    assert _names(hits) == ["Aïcha Diallo"]
    assert hits[0].certainty == "maybe"


def test_a_number_two_people_have_lists_both_and_is_sure_of_neither(people: UnitOfWork) -> None:
    hits = search_contacts(people.session, "06 00 00 00 01")

    assert sorted(_names(hits)) == ["Paul Martin", "Zoé Martin"]
    assert {hit.certainty for hit in hits} == {"likely"}


def test_a_number_no_plan_knows_is_found(people: UnitOfWork) -> None:
    assert _names(search_contacts(people.session, "3949")) == ["Syndic Les Tilleuls"]


@pytest.mark.parametrize(("typed", "certainty"), [("AICHA.D@exemple.fr", "sure"), ("aicha.d@ex", "maybe")])
def test_an_email_or_its_beginning(people: UnitOfWork, typed: str, certainty: str) -> None:
    (hit,) = search_contacts(people.session, typed)

    assert (hit.display_name, hit.match, hit.certainty) == ("Aïcha Diallo", "email", certainty)


def test_no_sign_of_an_email_is_a_joker(people: UnitOfWork) -> None:
    assert search_contacts(people.session, "%@exemple.fr") == []
    assert search_contacts(people.session, "luc%b@exemple.fr") == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("diallo", "Aïcha Diallo"),
        ("Aicha DIALLO", "Aïcha Diallo"),
        ("diallo aï", "Aïcha Diallo"),
        ("Mme Dial", "Aïcha Diallo"),
        ("dialo", "Aïcha Diallo"),
        ("lefebvre", "Jean-Noël Lefèvre"),
        ("le fevre", "Jean-Noël Lefèvre"),
        ("jean noel lefaivre", "Jean-Noël Lefèvre"),
        ("benali", "Karim Ben Ali"),
        ("ben ali karim", "Karim Ben Ali"),
        ("bernatd", "Luc Bernard"),
        ("benrard luc", "Luc Bernard"),
        ("tilleul", "Syndic Les Tilleuls"),
        ("محمد", "محمد"),
        ("o", "O"),
    ],
)
def test_a_name_as_heard(people: UnitOfWork, typed: str, found: str) -> None:
    assert found in _names(search_contacts(people.session, typed))


def test_homonyms_are_all_listed_exact_ones_first(people: UnitOfWork) -> None:
    hits = search_contacts(people.session, "martin")

    assert _names(hits) == ["Paul Martin", "Zoé Martin"]
    assert _names(search_contacts(people.session, "martin zoe"))[0] == "Zoé Martin"


def test_a_candidate_says_where_they_live(people: UnitOfWork) -> None:
    (hit,) = search_contacts(people.session, "ben ali")

    assert (hit.postcode, hit.commune) == ("99100", "Valbrune")


@pytest.mark.parametrize(
    "typed", ["", "  ", "'", "a' | 'b", "\\", "\x00", ":*", "!", "zzzzz", "🙂", "x" * 5000]
)
def test_nonsense_finds_nobody_and_breaks_nothing(people: UnitOfWork, typed: str) -> None:
    assert search_contacts(people.session, typed) == []


def test_no_more_than_asked(people: UnitOfWork) -> None:
    assert len(search_contacts(people.session, "martin", limit=1)) == 1
