"""An answer can be taken back for fifteen seconds: undone, it never leaves; not undone, it leaves once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, Ending, Outcome, ask_requester, close_case, one_case
from crm.foundation import (
    SYSTEM,
    Actor,
    Conflict,
    FrozenClock,
    NotAllowed,
    NotFound,
    UnitOfWork,
    Units,
)
from crm.interactions import Interaction, Message, exchanges
from crm.notifications import answer_drafts, note_sent, save_draft, take_back, take_over_draft
from crm.reactions import REACTIONS
from crm.staff import Agent
from crm.wiring import Wiring
from tests import given
from tests.acting import act
from tests.at_work import work
from tests.given import Town
from tests.own_database import create_database, mails_to, wired_to
from tests.servers import Servers

START = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(servers: Servers) -> str:
    return create_database(servers.database_url, "taking_back")


@pytest.fixture(scope="module")
def town(database: str, servers: Servers) -> Town:
    made = wired_to(database, servers.redis_url, servers.smtp_port)
    with made.units.begin(SYSTEM) as uow:
        town = given.town(uow)
    made.close()
    return town


@pytest.fixture
def wired(database: str, town: Town, servers: Servers) -> Iterator[Wiring]:
    made = wired_to(database, servers.redis_url, servers.smtp_port)
    made.redis.flushdb()
    clock = FrozenClock(START)
    yield replace(made, clock=clock, units=Units(made.sessions, clock, REACTIONS))
    made.close()


class Desk:
    """An agent who answers a resolved case, and the workers behind."""

    def __init__(self, wired: Wiring, town: Town) -> None:
        self.wired, self.mailbox = wired, f"{uuid4().hex}@usagers.example"
        with wired.units.begin(SYSTEM) as uow:
            self.agent = Actor(kind="agent", id=_agent(uow, "advisor"), roles=frozenset({"advisor"}))
            self.reference = given.open_case(uow, town.book, CaseState.RESOLVED)
        self.work()
        self.pass_time(60)

    def pass_time(self, seconds: float) -> None:
        self.wired.clock.at += timedelta(seconds=seconds)  # type: ignore[attr-defined]

    def case(self) -> Case:
        with self.wired.sessions() as session:
            return session.scalars(sa.select(Case).where(Case.reference == self.reference)).one()

    def answer(self, channel: str = "email") -> int:
        message = Message(
            kind="answer", channel=channel, recipient=self.mailbox, body="C’est réparé.", held_seconds=15
        )
        ending = Ending(outcome=Outcome.DONE, answer=message)
        with self.wired.units.begin(self.agent) as uow:
            close_case(uow, self.reference, ending=ending, seen_version=self.case().version)
            uow.session.flush()
            mine = sa.select(sa.func.max(Interaction.id)).where(Interaction.kind == "answer")
            sent = uow.session.execute(mine).scalar_one()
            note_sent(uow, self.reference, {"body": "C’est réparé."}, sent, "answer")
        return int(sent)

    def undo(self, interaction_id: int, by: Actor | None = None) -> str:
        with self.wired.units.begin(by or self.agent) as uow:
            return take_back(uow, self.reference, interaction_id)

    def work(self) -> None:
        work(self.wired)

    def mails(self, servers: Servers) -> int:
        return len(mails_to(servers.outbox_folder, self.mailbox))


def _agent(uow: UnitOfWork, role: str) -> int:
    email = given.agent(uow, role)
    return uow.session.execute(sa.select(Agent.id).where(Agent.email == email)).scalar_one()


def test_not_undone_it_leaves_once_and_not_before(wired: Wiring, town: Town, servers: Servers) -> None:
    desk = Desk(wired, town)
    desk.answer()
    for seconds, mails in ((0, 0), (14, 0), (1, 1), (60, 1)):
        desk.pass_time(seconds)
        desk.work()
        assert desk.mails(servers) == mails
    assert desk.case().state == "closed"


def test_undone_it_never_leaves_and_the_case_is_where_it_was(
    wired: Wiring, town: Town, servers: Servers
) -> None:
    desk = Desk(wired, town)
    before = desk.case()
    sent = desk.answer()
    desk.pass_time(10)
    assert desk.undo(sent) == "close"
    for _ in range(3):
        desk.pass_time(3600)
        desk.work()
    after = desk.case()
    assert desk.mails(servers) == 0
    kept = ("state", "outcome", "closed_at", "answered_at", "contested_at", "no_answer_reason", "resolved_at")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    with wired.units.reading() as session:
        (draft,) = answer_drafts(session, after.id)
        assert draft.words == {"body": "C’est réparé."}
    desk.answer()  # and the same words may leave later, once
    desk.pass_time(16)
    desk.work()
    assert desk.mails(servers) == 1


def test_a_question_taken_back_no_longer_waits_for_the_usager(
    wired: Wiring, town: Town, servers: Servers
) -> None:
    desk = Desk(wired, town)
    with wired.units.begin(SYSTEM) as uow:
        desk.reference = given.open_case(uow, town.book, CaseState.ASSIGNED)
    desk.work()
    desk.pass_time(60)
    message = Message(kind="question", channel="email", recipient=desk.mailbox, body="Où ?", held_seconds=15)
    with wired.units.begin(desk.agent) as uow:
        asked = ask_requester(uow, desk.reference, message=message, seen_version=desk.case().version)
        uow.session.flush()
        sent = exchanges(uow.session, asked.id)[-1].id
    assert desk.undo(sent) == "ask"
    desk.pass_time(60)
    desk.work()
    assert (desk.case().state, desk.mails(servers)) == ("assigned", 0)


def test_too_late_nothing_changes(wired: Wiring, town: Town, servers: Servers) -> None:
    desk = Desk(wired, town)
    sent = desk.answer()
    desk.pass_time(15)
    with pytest.raises(Conflict):
        desk.undo(sent)
    desk.work()
    with pytest.raises(Conflict):
        desk.undo(sent)
    assert (desk.case().state, desk.mails(servers)) == ("closed", 1)


def test_what_a_worker_has_in_hand_is_not_called_back(wired: Wiring, town: Town, servers: Servers) -> None:
    desk = Desk(wired, town)
    sent = desk.answer()
    with wired.engine.begin() as connection:
        begun = sa.update(Interaction).where(Interaction.id == sent).values(tries=1)
        connection.execute(begun)
    with pytest.raises(Conflict):
        desk.undo(sent)


def test_only_its_author_takes_it_back_and_only_a_message_of_that_case(wired: Wiring, town: Town) -> None:
    desk = Desk(wired, town)
    sent = desk.answer()
    with pytest.raises(NotAllowed):
        desk.undo(sent, by=given.actor("supervisor", id=(desk.agent.id or 0) + 1_000_000))
    with pytest.raises(NotFound):
        desk.undo(sent + 10_000)
    with pytest.raises(NotFound):
        desk.undo(sent, by=given.actor("team_lead", unit=town.lighting, id=desk.agent.id))


def test_a_case_that_moved_on_is_not_brought_back(wired: Wiring, town: Town) -> None:
    desk = Desk(wired, town)
    sent = desk.answer()
    desk.pass_time(5)
    with wired.units.begin(SYSTEM) as uow:
        act(uow, town.book, desk.reference, "reopen")
    with pytest.raises(Conflict):
        desk.undo(sent)
    assert desk.case().state == "assigned"


def test_the_resident_does_not_read_what_may_be_taken_back(wired: Wiring, town: Town) -> None:
    desk = Desk(wired, town)
    desk.answer()
    with wired.units.reading() as session:
        now = wired.clock.now()
        told = exchanges(session, desk.case().id, public_only=True, left_by=now)
        later = exchanges(session, desk.case().id, public_only=True, left_by=now + timedelta(seconds=15))
    assert [one.kind for one in told if one.kind == "answer"] == []
    assert [one.kind for one in later if one.kind == "answer"] == ["answer"]


def test_a_draft_is_taken_over_and_nobody_overwrites_anybody(wired: Wiring, town: Town) -> None:
    desk = Desk(wired, town)
    with wired.units.begin(SYSTEM) as uow:
        colleague = Actor(kind="agent", id=_agent(uow, "supervisor"), roles=frozenset({"supervisor"}))
    with wired.units.begin(desk.agent) as uow:
        save_draft(uow, desk.reference, {"body": "Bonjour,", "channel": "email"})
    with wired.units.begin(colleague) as uow:
        take_over_draft(uow, desk.reference, desk.agent.id or 0)
    desk.pass_time(5)
    with wired.units.begin(desk.agent) as uow:
        case = one_case(uow.session, desk.agent, desk.reference)
        mine = next(one for one in answer_drafts(uow.session, case.id) if one.agent_id == desk.agent.id)
        assert mine.taken_by == "Karim Belkacem" and mine.words["body"] == "Bonjour,"
        save_draft(uow, desk.reference, {"body": "Bonjour, madame,"})
    with wired.units.reading() as session:
        words = {one.agent_id: one.words["body"] for one in answer_drafts(session, case.id)}
    assert words == {desk.agent.id: "Bonjour, madame,", colleague.id: "Bonjour,"}
    with pytest.raises(NotFound), wired.units.begin(colleague) as uow:
        take_over_draft(uow, desk.reference, 999_999)
    with pytest.raises(NotAllowed), wired.units.begin(given.actor("team_lead", unit=town.roads, id=1)) as uow:
        save_draft(uow, desk.reference, {"body": "Non"})
