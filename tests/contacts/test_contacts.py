"""Keeping contacts: never merged, never lost, corrected with care."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa

from crm.contacts import (
    Contact,
    ContactPoint,
    NewContact,
    contact_card,
    contact_names,
    correct_name,
    find_or_create_contact,
    masked,
    owners_of_point,
    withdraw_point,
)
from crm.foundation import (
    RESIDENT,
    Actor,
    Conflict,
    EventRow,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    Units,
)

HELENE = NewContact(
    family_name="O'Brien-Lefèvre d'Œuvre",
    first_name="Hélène",
    phone="06.12.34.56.78",
    email="Helene@Exemple.FR",
    postal=("12 bis rue des Lilas", "99100 Valbrune"),
    preferred_channel="letter",
)


@contextmanager
def statements(uow: UnitOfWork) -> Iterator[list[str]]:
    """The SQL sent while the block runs."""
    sent: list[str] = []
    connection = uow.session.connection()

    def note(*given: object) -> None:
        sent.append(str(given[2]))

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)


def test_a_contact_is_kept_as_told_and_made_comparable(uow: UnitOfWork) -> None:
    card = contact_card(uow.session, find_or_create_contact(uow, HELENE))

    assert card.display_name == "Hélène O'Brien-Lefèvre d'Œuvre"
    assert card.preferred_channel == "letter"
    phone, email, postal = card.first("phone"), card.first("email"), card.first("postal")
    assert phone and (phone.value, phone.raw, phone.display) == (
        "+33612345678", "06.12.34.56.78", "06 12 34 56 78",
    )  # fmt: skip
    assert email and (email.value, email.raw) == ("helene@exemple.fr", "Helene@Exemple.FR")
    assert postal and postal.display == "12 bis rue des Lilas\n99100 Valbrune"


def test_a_contact_with_every_way_to_reach_costs_one_statement(uow: UnitOfWork) -> None:
    with statements(uow) as sent:
        find_or_create_contact(uow, HELENE)

    assert len(sent) == 1


@pytest.mark.parametrize(
    "told",
    [
        NewContact(family_name="O"),
        NewContact(first_name="Ali"),
        NewContact(family_name="محمد", first_name="عائشة"),
        NewContact(phone="3949"),
        NewContact(email="a@b.fr"),
        NewContact(kind="organization", organization_name="Syndic « Les Tilleuls » <script>"),
        NewContact(family_name="=HYPERLINK(1)\x00 \u202egnp.exe 🙂"),
        NewContact(family_name="x" * 300_000),
        NewContact(family_name="a b " * 50_000, postal=("y" * 20_000,)),
    ],
)
def test_any_name_is_a_name(uow: UnitOfWork, told: NewContact) -> None:
    assert find_or_create_contact(uow, told) > 0


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        (NewContact(), {"family_name": "missing"}),
        (NewContact(family_name="Diallo", email="diallo@"), {"email": "unreadable"}),
        (NewContact(family_name="Diallo", email="a@b.fr\nBcc: c@d.fr"), {"email": "unreadable"}),
        (NewContact(family_name="Diallo", phone="masqué"), {"phone": "no_digit"}),
        (
            NewContact(kind="robot", preferred_channel="pigeon", email="x"),
            {"kind": "unknown", "preferred_channel": "unknown", "email": "unreadable"},
        ),
    ],
)
def test_every_wrong_field_is_named_at_once(
    uow: UnitOfWork, told: NewContact, fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        find_or_create_contact(uow, told)

    assert refused.value.fields == fields


def test_three_people_on_one_number_stay_three_people(uow: UnitOfWork) -> None:
    ids = {
        find_or_create_contact(uow, NewContact(family_name=name, phone=phone))
        for name, phone in (
            ("Martin", "0612345678"),
            ("Martin", "+33 6 12 34 56 78"),
            ("Petit", "06.12.34.56.78"),
        )
    }

    points = uow.session.execute(sa.select(ContactPoint.value, ContactPoint.is_shared)).all()
    assert len(ids) == 3
    assert [tuple(point) for point in points] == [("+33612345678", True)]


def test_a_chosen_contact_gains_a_number_and_loses_none(uow: UnitOfWork) -> None:
    known = find_or_create_contact(uow, HELENE)

    again = find_or_create_contact(uow, NewContact(phone="04 99 00 00 01"), contact_id=known)
    same = find_or_create_contact(uow, NewContact(phone="0499000001"), contact_id=known)

    card = contact_card(uow.session, known)
    assert again == same == known
    assert [point.value for point in card.points if point.kind == "phone"] == ["+33612345678", "+33499000001"]
    assert not any(point.is_shared for point in card.points)


def test_a_contact_that_does_not_exist_cannot_be_chosen(uow: UnitOfWork) -> None:
    with pytest.raises(NotFound):
        find_or_create_contact(uow, HELENE, contact_id=987654321)


def test_a_name_is_corrected_and_nothing_else(uow: UnitOfWork) -> None:
    known = find_or_create_contact(uow, replace(HELENE, preferred_channel="sms"))
    before = contact_card(uow.session, known)

    correct_name(uow, known, NewContact(family_name=" Obrien ", first_name="Nora"), seen_version=1)

    card = contact_card(uow.session, known)
    assert (card.display_name, card.version) == ("Nora Obrien", 2)
    assert (card.points, card.preferred_channel) == (before.points, "sms")
    found = sa.select(Contact.id).where(Contact.search.op("@@")(sa.func.to_tsquery("simple", "obrien")))
    assert known in uow.session.scalars(found).all()
    with pytest.raises(Invalid):
        correct_name(uow, known, NewContact(), seen_version=2)


def test_a_number_that_only_one_keeps_is_no_longer_shared(uow: UnitOfWork) -> None:
    first = find_or_create_contact(uow, NewContact(family_name="Martin", phone="0612345678"))
    second = find_or_create_contact(uow, NewContact(family_name="Petit", phone="0612345678"))
    point = contact_card(uow.session, second).points[0]
    assert point.is_shared

    withdraw_point(uow, second, point.id)

    assert [p.is_shared for p in contact_card(uow.session, first).points] == [False]


def test_two_corrections_at_once_the_second_sees_a_conflict(uow: UnitOfWork) -> None:
    known = find_or_create_contact(uow, HELENE)
    correct_name(uow, known, NewContact(family_name="Un"), seen_version=1)

    with pytest.raises(Conflict) as refused:
        correct_name(uow, known, NewContact(family_name="Deux"), seen_version=1)

    assert refused.value.details == {"seen": 1, "current": 2}


def test_facts_hold_no_name(units: Units) -> None:
    with units.begin(RESIDENT) as uow:
        known = find_or_create_contact(uow, HELENE)

    with units.reading() as session:
        row = session.scalars(sa.select(EventRow).where(EventRow.subject_kind == "contact")).one()
        assert (row.kind, row.subject_id, row.data) == ("contact.created", known, {})


def test_only_who_may_create_a_case_makes_a_contact(units: Units) -> None:
    admin = Actor(kind="agent", id=1, roles=frozenset({"config_admin"}))

    with pytest.raises(NotAllowed), units.begin(admin) as uow:
        find_or_create_contact(uow, HELENE)


def test_a_masked_card_shows_nothing_to_call_or_find(uow: UnitOfWork) -> None:
    card = masked(contact_card(uow.session, find_or_create_contact(uow, HELENE)))

    assert card.is_masked
    assert card.display_name == "H. O."
    assert [point.display for point in card.points] == ["h•••@e•••.fr", "06 •• •• •• 78", "99100 Valbrune"]
    assert "Lefèvre" not in repr(card) and "612345678" not in repr(card) and "Lilas" not in repr(card)


@pytest.mark.parametrize(
    ("proof", "holds"),
    [
        ("0612345678", True),
        ("+33 6 12 34 56 78", True),
        ("HELENE@exemple.fr", True),
        ("99100", True),
        ("99200", False),
        ("0612345679", False),
        ("helene", False),
        ("", False),
        ("12 bis rue des Lilas 99100 Valbrune", False),
    ],
)
def test_who_asks_after_a_case_proves_a_way_to_reach_them(uow: UnitOfWork, proof: str, holds: bool) -> None:
    known = find_or_create_contact(uow, HELENE)

    assert owners_of_point(uow.session, [known], proof) == ({known} if holds else set())


def test_names_for_a_list_come_at_once(uow: UnitOfWork) -> None:
    ids = [find_or_create_contact(uow, NewContact(family_name=name)) for name in ("Un", "Deux")]

    with statements(uow) as sent:
        found = contact_names(uow.session, ids)

    assert (list(found.values()), len(sent)) == (["Un", "Deux"], 1)
    assert uow.session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 2
