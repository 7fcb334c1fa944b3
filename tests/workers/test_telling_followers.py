"""N people told, one problem: each by their own channel, each once, whatever dies in the middle."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from importlib import import_module
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.cases import (
    Case,
    Ending,
    Following,
    Merging,
    Outcome,
    Rulebook,
    accept_case,
    announce_delay,
    close_case,
    declare_incident,
    end_incident,
    follow_case,
    merge_case,
    plan_case,
    take_back_referred,
    unfollow_case,
)
from crm.foundation import SYSTEM, Delivery, EventRow, UnitOfWork
from crm.guests import refer_outside
from crm.interactions import Interaction, Message
from crm.wiring import Wiring
from tests import given
from tests.acting import act, in_days
from tests.at_work import work
from tests.guests.outside import asking
from tests.own_database import mails_to
from tests.servers import Servers
from tests.web.world import World
from workers.jobs.run import do_deliveries


def _due(wired: Wiring) -> list[int]:
    with wired.sessions() as session:
        return list(session.scalars(sa.select(Delivery.id).where(Delivery.done_at.is_(None))))


def _by_three(wired: Wiring, ids: Sequence[int]) -> None:
    workers = [threading.Thread(target=do_deliveries, args=(wired, ids)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _mailbox() -> str:
    return f"{uuid4().hex}@usagers.example"


def _opened(wired: Wiring, book: Rulebook, mailbox: str) -> str:
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, family_name=uuid4().hex[:8], email=mailbox, phone="")
        return given.open_case(uow, book, contact_id=who, answer_channel="email")


def _follow(uow: UnitOfWork, reference: str, mailbox: str, way: str = "email") -> str:
    told = {"email": mailbox, "phone": ""}
    if way == "phone":
        told = {"email": "", "phone": f"06 39 98 {uuid4().int % 90 + 10} {uuid4().int % 90 + 10}"}
    if way == "letter":
        told = {"email": "", "phone": "", "postal": ("1 rue des Lilas", "99000 Rivebois")}
    who = given.contact(uow, family_name=uuid4().hex[:8], **told)
    new = Following(key=uuid4().hex, channel="phone", contact_id=who, answer_channel=way)
    return follow_case(uow, reference, new).token


def _followed_by(wired: Wiring, book: Rulebook, author: str, people: list[str]) -> str:
    """The reference of a demand that they all follow, everybody told so."""
    reference = _opened(wired, book, author)
    with wired.units.begin(SYSTEM) as uow:
        for mailbox in people:
            _follow(uow, reference, mailbox)
    work(wired)
    return reference


def _version(uow: UnitOfWork, reference: str) -> int:
    return uow.session.scalars(sa.select(Case.version).where(Case.reference == reference)).one()


def _close(wired: Wiring, reference: str, mailbox: str, words: str = "La lampe est changée.") -> None:
    answer = Message(kind="answer", channel="email", recipient=mailbox, body="Chère Madame, c’est fait.")
    ending = Ending(outcome=Outcome.DONE, answer=answer, to_followers=words)
    with wired.units.begin(SYSTEM) as uow:
        close_case(uow, reference, ending=ending, seen_version=_version(uow, reference))


def _texts(servers: Servers, mailbox: str) -> list[str]:
    """Subject and text of what reached a mailbox, the first first."""
    told = []
    for file in sorted(mails_to(servers.outbox_folder, mailbox), key=lambda file: file.stat().st_mtime_ns):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        told.append(f"{mail['Subject']}\n{body.get_content() if body else ''}")
    return told


def test_each_is_told_at_each_step_once_with_a_link_of_their_own(
    wired: Wiring, servers: Servers, book: Rulebook
) -> None:
    author, people = _mailbox(), [_mailbox() for _ in range(4)]
    reference = _opened(wired, book, author)
    with wired.units.begin(SYSTEM) as uow:
        tokens = [_follow(uow, reference, mailbox) for mailbox in people]
    work(wired)
    with wired.units.begin(SYSTEM) as uow:
        accept_case(uow, reference, seen_version=_version(uow, reference))
        uow.session.flush()
        day = in_days(uow, 3)
        plan_case(uow, reference, planned_on=day, seen_version=_version(uow, reference))
    work(wired)
    for mailbox, token in zip(people, tokens, strict=True):
        mails = _texts(servers, mailbox)
        assert len(mails) == 2 and all(reference in mail for mail in mails)
        assert all(token in mail for mail in mails)
        assert not any(other in mail for mail in mails for other in tokens if other != token)
    assert len(_texts(servers, author)) == 1  # the receipt: nothing of the followers' reaches the author


def test_passed_to_another_body_then_back(
    wired: Wiring, servers: Servers, book: Rulebook, world: World
) -> None:
    author, mailbox = _mailbox(), _mailbox()
    reference = _followed_by(wired, book, author, [mailbox])
    body = book.units[world.services["departement"]]
    with wired.units.begin(SYSTEM) as uow:
        act(uow, book, reference, "bounce")
        act(uow, book, reference, "refer", unit_id=body.id)
    work(wired)
    assert f"{body.organization_name}, {body.phone}." in _texts(servers, mailbox)[-1]
    with wired.units.begin(SYSTEM) as uow:
        take_back_referred(uow, book, reference)
    work(wired)
    assert f"({body.organization_name}) n’a pas pu la traiter" in _texts(servers, mailbox)[-1]
    with wired.units.begin(SYSTEM) as uow:
        refer_outside(uow, reference, asking(uow), book=book, seen_version=_version(uow, reference))
    work(wired)
    assert "Eaux de la Haute-Rive, n.ferrand@eaux.example." in _texts(servers, mailbox)[-1]


def test_closing_tells_all_in_the_agent_s_words_and_nothing_of_the_author(
    wired: Wiring, servers: Servers, book: Rulebook
) -> None:
    author, people = _mailbox(), [_mailbox() for _ in range(3)]
    reference = _opened(wired, book, author)
    with wired.units.begin(SYSTEM) as uow:
        for mailbox in people:
            _follow(uow, reference, mailbox)
        _follow(uow, reference, "", "phone")
        _follow(uow, reference, "", "letter")
    work(wired)
    _close(wired, reference, author)
    work(wired)
    work(wired)
    for mailbox in people:
        joined, closed = _texts(servers, mailbox)
        assert "Votre signalement rejoint" in joined
        assert (
            "Le travail est fait" in closed and "La lampe est changée." in closed and "Madame" not in closed
        )
    with wired.sessions() as session:
        others = session.execute(
            sa.select(Interaction.channel, Interaction.state, sa.func.count())
            .where(Interaction.watcher_id.is_not(None), Interaction.channel.in_(["phone", "letter"]))
            .where(Interaction.direction == "out")
            .group_by(Interaction.channel, Interaction.state)
        ).all()
    assert sorted(map(tuple, others)) == [("letter", "to_print", 2), ("phone", "to_call", 1)]


def test_a_delay_is_told_with_its_reason_and_the_new_date(
    wired: Wiring, servers: Servers, book: Rulebook
) -> None:
    author, people = _mailbox(), [_mailbox() for _ in range(2)]
    reference = _followed_by(wired, book, author, people)
    with wired.units.begin(SYSTEM) as uow:
        announce_delay(
            uow, reference, due_on=in_days(uow, 60), motive="L’enrobé manque.", message=None,
            seen_version=_version(uow, reference),
        )  # fmt: skip
    work(wired)
    for mailbox in people:
        _joined, late = _texts(servers, mailbox)
        assert "prendra plus de temps" in late and "L’enrobé manque." in late and "Nouvelle date" in late
    assert len(_texts(servers, author)) == 1, "the author's own message is the act's"


def test_the_end_of_an_incident_is_told_to_all_each_by_their_own_channel(
    wired: Wiring, servers: Servers, book: Rulebook
) -> None:
    author, people = _mailbox(), [_mailbox() for _ in range(4)]
    reference = _followed_by(wired, book, author, people)
    with wired.units.begin(SYSTEM) as uow:
        _follow(uow, reference, "", "phone")
    work(wired)
    assert _suspected(wired, reference) == 1, "five within the hour: proposed, once"
    with wired.units.begin(SYSTEM) as uow:
        said, until = "Ne creusez pas : une équipe vient.", uow.now + timedelta(hours=4)
        declare_incident(uow, reference, announcement=said, valid_until=until)
    with wired.units.begin(SYSTEM) as uow:
        end_incident(uow, reference, told="La conduite est réparée.")
    work(wired)
    for mailbox in (author, *people):
        assert sum("La conduite est réparée." in mail for mail in _texts(servers, mailbox)) == 1
    with wired.sessions() as session:
        this = sa.select(Case.id).where(Case.reference == reference).scalar_subquery()
        called = sa.select(Interaction.body).where(
            Interaction.watcher_id.is_not(None),
            Interaction.channel == "phone",
            Interaction.direction == "out",
        )
        assert "La conduite est réparée." in session.scalars(called).one()
        assert session.scalar(sa.select(Case.closed_at).where(Case.id == this)) is None


def _suspected(wired: Wiring, reference: str) -> int:
    with wired.sessions() as session:
        facts = sa.select(EventRow.id).join(Case, Case.id == EventRow.subject_id)
        found = facts.where(EventRow.kind == "incident.suspected", Case.reference == reference)
        return len(session.scalars(found).all())


def test_three_workers_given_the_same_fact_tell_each_person_once(
    wired: Wiring, servers: Servers, book: Rulebook
) -> None:
    author, people = _mailbox(), [_mailbox() for _ in range(12)]
    reference = _followed_by(wired, book, author, people)
    _close(wired, reference, author)
    work(wired, _by_three)
    assert [len(_texts(servers, mailbox)) for mailbox in people] == [2] * 12


def test_a_worker_that_dies_before_the_end_leaves_no_message_and_all_come_later(
    wired: Wiring, servers: Servers, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    author, people = _mailbox(), [_mailbox() for _ in range(3)]
    reference = _followed_by(wired, book, author, people)
    _close(wired, reference, author)
    calls = []

    def dies(**_told: object) -> None:
        calls.append(1)
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(import_module("workers.jobs.tell_followers"), "FollowersTold", dies)
        do_deliveries(wired, _due(wired))
    assert calls and all(len(_texts(servers, mailbox)) == 1 for mailbox in people)
    work(wired)
    assert [len(_texts(servers, mailbox)) for mailbox in people] == [2] * 3


def test_who_left_is_told_nothing_more(wired: Wiring, servers: Servers, book: Rulebook) -> None:
    author, mailbox = _mailbox(), _mailbox()
    reference = _opened(wired, book, author)
    with wired.units.begin(SYSTEM) as uow:
        token = _follow(uow, reference, mailbox)
    work(wired)
    with wired.units.begin(SYSTEM) as uow:
        unfollow_case(uow, token)
    _close(wired, reference, author)
    work(wired)
    assert len(_texts(servers, mailbox)) == 1


def test_the_author_of_a_merged_demand_is_told_where_it_went(
    wired: Wiring, servers: Servers, book: Rulebook
) -> None:
    one, other = _mailbox(), _mailbox()
    original, duplicate = _opened(wired, book, one), _opened(wired, book, other)
    work(wired)
    with wired.units.begin(SYSTEM) as uow:
        merging = Merging(original=original, checked=True)
        merge_case(uow, duplicate, merging=merging, seen_version=_version(uow, duplicate))
    work(wired)
    mails = _texts(servers, other)
    assert len(mails) == 2 and original in mails[1]
    _close(wired, original, one)
    work(wired)
    assert len(_texts(servers, other)) == 3
