"""What a form may hold: stored as text, whole, and never understood as anything else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.contacts import Contact, ContactPoint, NewContact, search_contacts
from crm.foundation import Invalid, UnitOfWork
from crm.intake import PlaceGiven
from tests.given import Town
from tests.intake.arriving import arrives, kept

RUDE = {
    "markup": "<script>alert(1)</script> & <b>gras</b>",
    "formula": '=HYPERLINK("http://exemple.example";"ici")',
    "emoji": "🕳️ trou 👩🏽‍🔧",
    "template": "{{ 7*7 }} %(x)s {reference}",
    "arabic": "حفرة في الطريق",
    "lines": "un\ndeux\n\ttrois",
}


@pytest.mark.parametrize("said", RUDE.values(), ids=RUDE.keys())
def test_text_is_kept_as_it_was_said(uow: UnitOfWork, town: Town, said: str) -> None:
    assert kept(uow, arrives(uow, town.book, object=said)).object == said


def test_marks_that_nobody_sees_are_dropped(uow: UnitOfWork, town: Town) -> None:
    case = kept(uow, arrives(uow, town.book, object="tr\x00ou\u202e\u2066 ici\x07"))
    assert case.object == "trou ici"


def test_three_hundred_thousand_characters_are_taken(uow: UnitOfWork, town: Town) -> None:
    said = "é" * 300_000
    assert len(kept(uow, arrives(uow, town.book, object=said)).object) == 300_000


def test_a_place_too_long_for_a_line_is_cut_not_refused(uow: UnitOfWork, town: Town) -> None:
    place = PlaceGiven(text="rue " * 400, hint="\x00" + "devant " * 400)
    case = kept(uow, arrives(uow, town.book, place=place))
    assert len(case.place_label) <= 300 and len(case.place_hint) <= 500


@pytest.mark.parametrize("field", ["phone", "email"])
def test_what_is_no_number_and_no_address_is_refused_by_name(uow: UnitOfWork, town: Town, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        arrives(uow, town.book, contact=NewContact(family_name="Diallo", **{field: "je ne sais pas"}))
    assert refusal.value.fields.keys() == {field}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("06 39 98 00 01", "+33639980001"),
        ("+32 470 12 34 56", "+32470123456"),
        ("0032 470 12 34 56", "+32470123456"),
    ],
)
def test_a_number_is_comparable_and_its_raw_text_kept(
    uow: UnitOfWork, town: Town, typed: str, value: str
) -> None:
    arrives(uow, town.book, contact=NewContact(phone=typed))
    assert uow.session.scalars(sa.select(ContactPoint.value)).one() == value
    assert uow.session.scalar(sa.text("SELECT raw FROM contact_links")) == typed


def test_an_unreadable_number_is_kept_as_it_was_said(uow: UnitOfWork, town: Town) -> None:
    arrives(uow, town.book, contact=NewContact(phone="12 34"))
    assert uow.session.scalar(sa.text("SELECT raw FROM contact_links")) == "12 34"


def test_three_people_on_one_number_are_three_and_none_is_chosen(uow: UnitOfWork, town: Town) -> None:
    for name in ("Diallo", "Moreau", "Nguyen"):
        arrives(uow, town.book, contact=NewContact(family_name=name, phone="06 39 98 00 01"))
    assert uow.session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 3
    hits = search_contacts(uow.session, "0639980001")
    assert {hit.display_name for hit in hits} == {"Diallo", "Moreau", "Nguyen"}
    assert "sure" not in {hit.certainty for hit in hits}


def test_the_usager_that_was_chosen_gains_what_they_told(uow: UnitOfWork, town: Town) -> None:
    first = kept(uow, arrives(uow, town.book, contact=NewContact(family_name="Diallo", phone="0639980001")))
    more = NewContact(email="aicha@exemple.fr")
    again = arrives(uow, town.book, contact_id=first.contact_id, contact=more, answer_channel="email")
    assert kept(uow, again).contact_id == first.contact_id
    assert uow.session.scalar(sa.select(sa.func.count()).select_from(ContactPoint)) == 2
