"""Ways to reach somebody: failed, preferred, withdrawn, shared, verified; needs, wishes and links."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.contacts import (
    ContactPoint,
    NewContact,
    SupportNeeds,
    Wishes,
    change_wishes,
    contact_card,
    declare_support,
    end_relation,
    find_or_create_contact,
    former_points,
    mark_failed,
    mark_sound,
    prefer_point,
    relate_contacts,
    relations_of,
    say_shared,
    search_contacts,
    support_needs,
    verify_point,
    withdraw_point,
)
from crm.foundation import Conflict, EventRow, Invalid, NotFound, UnitOfWork
from tests.contacts.people import person


def test_a_failed_point_is_used_last_and_told_once(uow: UnitOfWork) -> None:
    who = person(uow, email="a@exemple.fr")
    find_or_create_contact(uow, NewContact(email="b@exemple.fr"), contact_id=who)
    assert mark_failed(uow, "email", "a@exemple.fr", "mailbox_unknown") == 1
    assert mark_failed(uow, "email", "a@exemple.fr", "full") == 0
    card = contact_card(uow.session, who)
    first = card.first("email")
    assert first and first.value == "b@exemple.fr"
    failed = card.failing("email")[0]
    assert (failed.value, failed.failed_reason, failed.failed_at) == (
        "a@exemple.fr",
        "mailbox_unknown",
        uow.now,
    )
    uow.write_events()
    facts = uow.session.scalars(sa.select(EventRow).where(EventRow.kind == "contact.point_failed")).all()
    assert [fact.data for fact in facts] == [{"point_kind": "email", "reason": "mailbox_unknown"}]
    mark_sound(uow, who, failed.id)
    assert contact_card(uow.session, who).failing("email") == ()
    assert mark_failed(uow, "email", "nobody@exemple.fr", "mailbox_unknown") == 0


def test_the_preferred_one_of_its_kind_comes_first(uow: UnitOfWork) -> None:
    who = person(uow, phone="0639980001")
    find_or_create_contact(uow, NewContact(phone="0639980002"), contact_id=who)
    for wanted in ("+33639980002", "+33639980001"):
        point = next(p for p in contact_card(uow.session, who).points if p.value == wanted)
        prefer_point(uow, who, point.id)
        first = contact_card(uow.session, who).first("phone")
        assert first and first.value == wanted


def test_a_withdrawn_point_finds_nobody_and_its_sheet_remembers(uow: UnitOfWork) -> None:
    who = person(uow, phone="06 39 98 00 01")
    point = contact_card(uow.session, who).points[0]
    withdraw_point(uow, who, point.id)
    assert contact_card(uow.session, who).points == ()
    assert search_contacts(uow.session, "0639980001") == []
    assert uow.session.scalar(sa.select(ContactPoint.id).where(ContactPoint.id == point.id)) is None
    assert [(one.kind, one.raw) for one in former_points(uow.session, who)] == [("phone", "06 39 98 00 01")]
    with pytest.raises(NotFound):
        withdraw_point(uow, who, point.id)


def test_a_shared_number_says_so_wherever_it_is_listed(uow: UnitOfWork) -> None:
    one, _other = (person(uow, first_name=first, phone="0639980001") for first in ("Awa", "Luc"))
    assert {hit.shared for hit in search_contacts(uow.session, "0639980001")} == {"shared"}
    say_shared(uow, one, contact_card(uow.session, one).points[0].id, "family")
    assert {hit.shared for hit in search_contacts(uow.session, "Diallo")} == {"family"}
    with pytest.raises(Invalid):
        say_shared(uow, one, contact_card(uow.session, one).points[0].id, "sect")


def test_a_point_is_verified_by_one_alone_and_works_again(uow: UnitOfWork) -> None:
    one, other = (person(uow, first_name=first, email="a@exemple.fr") for first in ("Awa", "Luc"))
    point = contact_card(uow.session, one).points[0].id
    mark_failed(uow, "email", "a@exemple.fr", "full")
    verify_point(uow, one, point)
    verify_point(uow, one, point)
    kept = contact_card(uow.session, one).points[0]
    assert kept.is_verified and kept.is_sound
    with pytest.raises(Conflict):
        verify_point(uow, other, point)
    assert not contact_card(uow.session, other).points[0].is_verified


def test_needs_are_said_changed_and_forgotten(uow: UnitOfWork) -> None:
    who = person(uow)
    declare_support(uow, who, ["interpreter", "reading"], language="wolof")
    assert support_needs(uow.session, who) == SupportNeeds(("interpreter", "reading"), "wolof")
    declare_support(uow, who, ["interpreter"], language="peul")
    assert support_needs(uow.session, who) == SupportNeeds(("interpreter",), "peul")
    declare_support(uow, who, [])
    assert not support_needs(uow.session, who)
    assert uow.session.scalar(sa.text("SELECT count(*) FROM support_needs")) == 0
    uow.write_events()
    facts = uow.session.scalars(sa.select(EventRow).where(EventRow.kind == "contact.support_changed")).all()
    assert [fact.data for fact in facts] == [{}, {}, {}]


def test_needs_choose_the_channel_and_the_print() -> None:
    assert SupportNeeds(("reading",)).large_print and SupportNeeds(("reading",)).channel == "phone"
    assert SupportNeeds(("prefers_phone",)).channel == "phone"
    assert SupportNeeds(("cannot_travel",)).channel == "" and not SupportNeeds(("carer",)).large_print


@pytest.mark.parametrize(("needs", "field"), [(["diabetes"], "needs"), (["interpreter"], "language")])
def test_a_need_out_of_the_list_is_refused(uow: UnitOfWork, needs: list[str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        declare_support(uow, person(uow), needs)
    assert list(refused.value.fields) == [field]


def test_wishes_are_kept_unless_the_page_is_old(uow: UnitOfWork) -> None:
    who = person(uow)
    change_wishes(uow, who, Wishes(preferred_channel="sms", language="en", no_news=True), seen_version=1)
    card = contact_card(uow.session, who)
    assert (card.preferred_channel, card.language, card.no_news, card.no_surveys) == (
        "sms",
        "en",
        True,
        False,
    )
    with pytest.raises(Conflict):
        change_wishes(uow, who, Wishes(), seen_version=1)
    with pytest.raises(Invalid):
        change_wishes(uow, who, Wishes(preferred_channel="pigeon"), seen_version=2)


def test_who_acts_for_whom_from_a_day_until_another(uow: UnitOfWork) -> None:
    son, mother, today = person(uow, first_name="Luc"), person(uow, first_name="Rose"), uow.now.date()
    relate_contacts(uow, son, mother, "acts_for", today)
    (hers,) = relations_of(uow.session, mother)
    assert (hers.is_from, hers.other_name, hers.ended_on) == (False, "Luc Diallo", None)
    end_relation(uow, mother, hers.id, today + timedelta(days=1))
    assert relations_of(uow.session, son)[0].ended_on == today + timedelta(days=1)
    with pytest.raises(NotFound):
        end_relation(uow, son, hers.id, today)
    relate_contacts(uow, son, mother, "acts_for", today + timedelta(days=2))
    assert relations_of(uow.session, son)[0].ended_on is None
    with pytest.raises(Invalid):
        relate_contacts(uow, son, son, "acts_for", today)
