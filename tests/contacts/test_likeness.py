"""Who may be the same: a score, its reasons, and all that is never enough."""

from __future__ import annotations

import pytest

from crm.contacts import (
    NewContact,
    contact_card,
    find_or_create_contact,
    say_shared,
    suggestions_for,
    suggestions_page,
    tell_apart,
    verify_point,
)
from crm.foundation import UnitOfWork

PHONE, EMAIL, POSTAL = "0639980001", "a.diallo@exemple.fr", ("12 rue des Lilas", "99800 Aubreval")


def _who(uow: UnitOfWork, family: str = "Diallo", first: str = "Aïcha", **told: object) -> int:
    return find_or_create_contact(uow, NewContact(family_name=family, first_name=first, **told))  # type: ignore[arg-type]


def _signs(uow: UnitOfWork, who: int) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.score, one.signs) for one in suggestions_for(uow.session, contact_card(uow.session, who))]


@pytest.mark.parametrize(
    ("other", "signs"),
    [
        ({"phone": PHONE}, ("same_name", "phone")),
        ({"family": "DIALO", "phone": PHONE}, ("near_name", "phone")),
        ({"family": "Aïcha", "first": "Diallo", "postal": POSTAL}, ("same_name", "postal")),
        ({"first": "", "email": EMAIL}, ("email", "part_name")),
        ({"first": "A", "phone": PHONE, "postal": POSTAL}, ("phone", "part_name", "postal")),
        ({"family": "Ndiaye", "email": EMAIL, "phone": PHONE}, ("email", "phone", "first_name")),
    ],
)
def test_a_name_and_a_way_to_reach_suggest(
    uow: UnitOfWork, other: dict[str, object], signs: tuple[str, ...]
) -> None:
    one = _who(uow, phone=PHONE, email=EMAIL, postal=POSTAL)
    _who(uow, **other)  # type: ignore[arg-type]
    found = _signs(uow, one)
    assert [sorted(each[1]) for each in found] == [sorted(signs)]


@pytest.mark.parametrize(
    "other",
    [
        {},  # a name alone: there are two hundred of them
        {"first": "Jeanne", "phone": PHONE, "postal": POSTAL, "email": EMAIL},  # one home, one mailbox
        {"family": "Petit", "first": "Rose", "phone": PHONE},  # a number alone
        {"family": "", "first": "", "phone": PHONE},
        {"kind": "organization", "organization_name": "Diallo", "phone": PHONE},
    ],
)
def test_what_is_never_enough(uow: UnitOfWork, other: dict[str, object]) -> None:
    one = _who(uow, phone=PHONE, email=EMAIL, postal=POSTAL)
    _who(uow, **other)  # type: ignore[arg-type]
    assert _signs(uow, one) == []


def test_a_verified_address_weighs_more(uow: UnitOfWork) -> None:
    one, other = _who(uow, email=EMAIL), _who(uow, email=EMAIL)
    declared = _signs(uow, one)[0][0]
    verify_point(uow, other, contact_card(uow.session, other).points[0].id)
    score, signs = _signs(uow, one)[0]
    assert score > declared and "email_verified" in signs


@pytest.mark.parametrize("shared_as", ["family", "switchboard"])
def test_a_number_said_to_be_shared_says_nothing(uow: UnitOfWork, shared_as: str) -> None:
    one, _other = _who(uow, phone=PHONE), _who(uow, phone=PHONE)
    assert _signs(uow, one)
    say_shared(uow, one, contact_card(uow.session, one).points[0].id, shared_as)
    assert _signs(uow, one) == []
    assert suggestions_page(uow.session).items == ()


def test_a_number_that_a_crowd_has_says_nothing(uow: UnitOfWork) -> None:
    people = [_who(uow, first=first, phone=PHONE) for first in ("Aïcha", "Aïcha", "Rose", "Luc", "Ana", "Li")]
    assert _signs(uow, people[0]) == []
    assert suggestions_page(uow.session).items == ()


def test_two_told_apart_are_not_proposed_again(uow: UnitOfWork) -> None:
    one, other = _who(uow, phone=PHONE), _who(uow, phone=PHONE)
    tell_apart(uow, other, one)
    tell_apart(uow, one, other)
    assert _signs(uow, one) == []


def test_the_list_gives_each_pair_once_whatever_they_share(uow: UnitOfWork) -> None:
    one = _who(uow, phone=PHONE, email=EMAIL)
    other = _who(uow, phone=PHONE, email=EMAIL)
    page = suggestions_page(uow.session)
    assert [(pair.one.id, pair.other.id) for pair in page.items] == [(one, other)]
    assert page.after is None
