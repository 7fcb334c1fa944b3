"""Two sheets are one person: everything follows, and goes back exactly when they were not."""

from __future__ import annotations

from random import Random

import pytest
import sqlalchemy as sa

from crm.cases import Case, Following, follow_case, followers
from crm.contacts import (
    NewContact,
    contact_card,
    contact_names,
    contacts_at,
    current_contact,
    declare_support,
    find_or_create_contact,
    merges_of,
    owns_point,
    search_contacts,
    support_needs,
    unmerge_contact,
    verify_point,
)
from crm.contacts.holders import holders
from crm.foundation import Base, Conflict, EventRow, Invalid, NotAllowed, NotFound, UnitOfWork
from tests import given
from tests.contacts.people import as_it_stands, merge, person, related, somebody, try_to_verify
from tests.given import Town


def test_everything_follows_and_the_old_address_leads_to_the_one_that_stays(
    uow: UnitOfWork, town: Town
) -> None:
    kept = person(uow, phone="0639980001")
    gone = person(uow, first_name="A.", email="a.diallo@exemple.fr", phone="0639980001")
    reference = given.open_case(uow, town.book, contact_id=gone, answer_channel="email")
    followed = given.open_case(uow, town.book)
    follow_case(uow, followed, Following(key="k", channel="phone", contact_id=gone, answer_channel="email"))

    merge(uow, kept, gone)

    case = uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()
    uow.session.refresh(case)
    assert case.contact_id == kept
    assert [one.contact_id for one in followers(uow.session, _id(uow, followed))] == [kept]
    card = contact_card(uow.session, kept)
    assert {(p.kind, p.is_shared) for p in card.points} == {("phone", False), ("email", False)}
    assert current_contact(uow.session, gone) == kept
    assert contact_card(uow.session, gone).id == kept
    assert contact_names(uow.session, [gone]) == {gone: "Aïcha Diallo"}
    assert [hit.id for hit in search_contacts(uow.session, "06 39 98 00 01")] == [kept]
    assert [hit.id for hit in search_contacts(uow.session, "Diallo")] == [kept]
    assert contacts_at(uow.session, "phone", "+33639980001") == [kept]
    assert owns_point(uow.session, gone, "a.diallo@exemple.fr")


@pytest.mark.parametrize("seed", range(12))
def test_merging_then_parting_changes_nothing(uow: UnitOfWork, seed: int) -> None:
    chance = Random(seed)
    one, other, third = (somebody(uow, chance) for _ in range(3))
    related(uow, one, other, third, chance)
    for who in (one, other):
        try_to_verify(uow, who, chance)
    before = as_it_stands(uow, [one, other, third])

    merge(uow, one, other)
    assert as_it_stands(uow, [one, other, third]) != before
    unmerge_contact(uow, other, reason="Ce sont deux sœurs.")

    uow.session.expire_all()
    assert as_it_stands(uow, [one, other, third]) == before


@pytest.mark.parametrize("seed", range(6))
def test_three_sheets_merged_part_in_any_order(uow: UnitOfWork, seed: int) -> None:
    chance = Random(100 + seed)
    one, other, third = (somebody(uow, chance) for _ in range(3))
    before = as_it_stands(uow, [one, other, third])

    merge(uow, one, other)
    merge(uow, one, third)
    for absorbed in chance.sample([other, third], 2):
        unmerge_contact(uow, absorbed, reason="Erreur.")

    uow.session.expire_all()
    assert as_it_stands(uow, [one, other, third]) == before


def test_a_chain_of_merges_is_undone_from_its_end(uow: UnitOfWork) -> None:
    one, other, third = (person(uow, phone=f"063998000{n}") for n in (1, 2, 3))
    before = as_it_stands(uow, [one, other, third])
    merge(uow, other, one)
    merge(uow, third, other)
    assert current_contact(uow.session, one) == current_contact(uow.session, other) == third

    with pytest.raises(Conflict):
        unmerge_contact(uow, one, reason="Erreur.")
    unmerge_contact(uow, other, reason="Erreur.")
    uow.session.expire_all()
    assert current_contact(uow.session, one) == other
    assert {p.value for p in contact_card(uow.session, other).points} == {"+33639980001", "+33639980002"}
    unmerge_contact(uow, one, reason="Erreur.")

    uow.session.expire_all()
    assert as_it_stands(uow, [one, other, third]) == before


def test_what_came_after_stays_with_the_one_that_stayed(uow: UnitOfWork, town: Town) -> None:
    kept, gone = person(uow, phone="0639980001"), person(uow, email="a.diallo@exemple.fr")
    merge(uow, kept, gone)
    chosen = find_or_create_contact(uow, NewContact(phone="0639980009"), contact_id=gone)  # an old page
    since = given.open_case(uow, town.book, contact_id=chosen, answer_channel="phone")

    unmerge_contact(uow, gone, reason="Deux personnes.")

    uow.session.expire_all()
    assert chosen == kept
    assert uow.session.scalar(sa.select(Case.contact_id).where(Case.reference == since)) == kept
    values = {p.value for p in contact_card(uow.session, kept).points}
    assert values == {"+33639980001", "+33639980009"}
    assert [p.value for p in contact_card(uow.session, gone).points] == ["a.diallo@exemple.fr"]


def test_the_proof_of_an_address_follows_and_goes_back(uow: UnitOfWork) -> None:
    kept, gone = (person(uow, email="a.diallo@exemple.fr") for _ in range(2))
    verify_point(uow, gone, contact_card(uow.session, gone).points[0].id)
    merge(uow, kept, gone)
    assert contact_card(uow.session, kept).points[0].is_verified
    unmerge_contact(uow, gone, reason="Deux personnes.")
    uow.session.expire_all()
    assert not contact_card(uow.session, kept).points[0].is_verified
    assert contact_card(uow.session, gone).points[0].is_verified


def test_needs_are_joined(uow: UnitOfWork) -> None:
    kept, gone = person(uow), person(uow)
    declare_support(uow, kept, ["reading"])
    declare_support(uow, gone, ["reading", "prefers_phone"])
    merge(uow, kept, gone)
    assert support_needs(uow.session, kept).codes == ("prefers_phone", "reading")


def test_it_is_written_who_why_and_what_moved(uow: UnitOfWork) -> None:
    kept, gone = person(uow), person(uow, first_name="Awa", phone="0639980001")
    merge(uow, kept, gone, reason="Même personne, vue au guichet.")
    line = merges_of(uow.session, kept)[0]
    assert (line.absorbed_name, line.reason) == ("Awa Diallo", "Même personne, vue au guichet.")
    assert line.moved == {"contact_links.contact_id": 1}
    uow.write_events()
    fact = uow.session.scalars(sa.select(EventRow).where(EventRow.kind == "contact.merged")).one()
    assert fact.subject_id == kept and fact.data == {"merge_id": line.id, "absorbed_contact": gone}


def test_nobody_merges_without_a_reason_twice_or_on_an_old_page(uow: UnitOfWork) -> None:
    kept, gone = person(uow), person(uow)
    company = person(uow, kind="organization", organization_name="Syndic des Lilas")
    with pytest.raises(Invalid):
        merge(uow, kept, gone, reason="  ")
    with pytest.raises(Invalid):
        merge(uow, kept, kept)
    with pytest.raises(Invalid):
        merge(uow, kept, company)
    with pytest.raises(NotFound):
        merge(uow, kept, 987654321)
    merge(uow, kept, gone)
    with pytest.raises(Conflict):
        merge(uow, kept, gone)
    with pytest.raises(NotFound):
        unmerge_contact(uow, kept, reason="Rien à défaire.")


@pytest.mark.parametrize(
    ("role", "may"), [("advisor", True), ("supervisor", True), ("desk_agent", False), ("team_lead", False)]
)
def test_the_centre_merges_and_nobody_else(uow: UnitOfWork, role: str, may: bool) -> None:
    kept, gone = person(uow), person(uow)
    uow.session.flush()
    acting = UnitOfWork(uow.session, given.actor(role, insee="99801", unit=1), uow.now, {})
    if may:
        assert merge(acting, kept, gone)
    else:
        with pytest.raises(NotAllowed):
            merge(acting, kept, gone)


def test_every_table_that_names_a_contact_is_moved_and_can_be_read_by_it() -> None:
    """One more table? It follows by itself; it needs an index that begins with the contact."""
    names = {one.name for one in holders()}
    assert {
        "cases.contact_id", "interactions.contact_id", "watchers.contact_id", "case_contacts.contact_id",
        "drafts.contact_id", "inbound.contact_id", "contact_links.contact_id", "support_needs.contact_id",
    } <= names  # fmt: skip
    assert not {"contacts.merged_into_id", "contact_merges.survivor_id"} & names
    slow = [one.name for one in holders() if one.column not in _led_by(one.column.table)]
    assert slow == []


def _led_by(table: sa.FromClause) -> set[object]:
    assert isinstance(table, sa.Table) and table.metadata is Base.metadata
    unique = [c for c in table.constraints if isinstance(c, (sa.UniqueConstraint, sa.PrimaryKeyConstraint))]
    return {next(iter(one.columns), None) for one in (*table.indexes, *unique)}


def _id(uow: UnitOfWork, reference: str) -> int:
    return uow.session.scalars(sa.select(Case.id).where(Case.reference == reference)).one()
