"""Promises by the clock, as workers keep them: followed, reminded, said before they are missed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from crm.cases import Case
from crm.foundation import PARIS, SYSTEM, FrozenClock, Sessions, UnitOfWork
from crm.foundation.settings import Promises
from crm.interactions import Interaction
from crm.knowledge.models import ReplyTemplateRow
from crm.promises import (
    CaseClock,
    Notice,
    publish_calendar,
    reckon_round,
    reckoning,
    take_up,
)
from crm.wiring import Wiring
from crm.wiring.rulebooks import Rulebooks
from tests import given
from tests.given import Town
from workers.promises import keep_promises, mail_unread, reckon_left_behind, remind, warn_of_silence

TUESDAY = datetime(2026, 9, 15, 10, 0, tzinfo=PARIS)


@dataclass
class Held:
    """Workers' wiring on the rolled-back session of the test."""

    wired: Wiring
    clock: FrozenClock
    town: Town

    def open(self) -> str:
        with self.wired.units.begin(SYSTEM) as uow:
            told = {"contact_id": given.contact(uow), "answer_channel": "email", "channel": "web"}
            return given.open_case(uow, self.town.book, **told)

    def count(self, of: type) -> int:
        with self.wired.units.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(of)) or 0

    def messages(self, kind: str) -> list[str]:
        with self.wired.units.reading() as session:
            return list(session.scalars(sa.select(Interaction.body).where(Interaction.kind == kind)))

    def case(self, reference: str) -> tuple[datetime, datetime | None]:
        with self.wired.units.reading() as session:
            row = session.execute(
                sa.select(Case.due_at, Case.announced_due_at).where(Case.reference == reference)
            ).one()
        return row.due_at, row.announced_due_at


@pytest.fixture
def held(held: Wiring, clock: FrozenClock) -> Held:
    clock.at = TUESDAY
    with held.units.begin(SYSTEM) as uow:
        town = given.town(uow)
        given.agent(uow, "team_lead", unit="voirie")
        given.agent(uow, "supervisor")
        delay = "Nous aurons du retard : {advice} Nouvelle date : {due_date}."
        uow.session.add(ReplyTemplateRow(message="delay", subject="Retard", body=delay))
    return Held(held, clock, town)


def test_clocks_follow_without_a_word_at_the_opening(held: Held) -> None:
    held.open()
    assert held.count(CaseClock) == 0
    keep_promises(held.wired)
    assert held.count(CaseClock) == 5
    keep_promises(held.wired)
    assert held.count(CaseClock) == 5


def test_before_the_date_is_missed_somebody_is_asked_to_say_so(held: Held) -> None:
    held.open()
    keep_promises(held.wired)
    held.clock.at = TUESDAY + timedelta(days=7, hours=5)  # the last afternoon
    remind(held.wired)
    remind(held.wired)
    with held.wired.units.reading() as session:
        kinds = list(session.scalars(sa.select(Notice.kind).order_by(Notice.id)))
    assert kinds.count("answer_nearly") == 1
    assert held.messages("delay") == []


def test_or_the_usager_is_told_by_itself_once_and_the_first_date_stands(held: Held) -> None:
    chosen = held.wired.settings.model_copy(update={"promises": Promises(holding="automatic")})
    held.wired = replace(held.wired, settings=chosen)
    reference = held.open()
    keep_promises(held.wired)
    before = held.case(reference)
    held.clock.at = TUESDAY + timedelta(days=7, hours=5)
    for _ in range(2):
        remind(held.wired)
        keep_promises(held.wired)
    (said,) = held.messages("delay")
    assert "plus de temps" in said
    due_at, announced = held.case(reference)
    assert announced == before[1] and due_at > before[0]


def test_what_was_not_read_is_gathered_in_one_mail(held: Held) -> None:
    first, second = held.open(), held.open()
    keep_promises(held.wired)
    held.clock.at = TUESDAY + timedelta(days=1, hours=9)
    remind(held.wired)  # nobody took them in charge
    mail_unread(held.wired)
    assert held.messages("notices") == []
    held.clock.at = datetime(2026, 9, 21, 8, 5, tzinfo=PARIS)  # Monday morning
    mail_unread(held.wired)
    mail_unread(held.wired)
    (mail,) = held.messages("notices")
    assert first in mail and second in mail and "Le service ne l’a pas prise en charge" in mail


def test_a_round_that_began_before_a_calendar_was_published_is_found_again(held: Held) -> None:
    reference = held.open()
    with held.wired.units.begin(SYSTEM) as uow:
        before = reckoning(uow.session)
        week: dict[str, object] = {
            "working_days": ["monday", "tuesday"],
            "opening_hours": {"monday": ["08:00-19:00"]},
        }
        publish_calendar(uow, week, note="Deux jours", seen_version=0)
        assert reckon_round(uow, reckoning(uow.session)) == 0
        take_up(uow, before)  # it ends last

    def versions() -> set[int]:
        with held.wired.units.reading() as session:
            of_case = sa.select(CaseClock.calendar_version).join(Case, Case.id == CaseClock.case_id)
            running = of_case.where(Case.reference == reference, CaseClock.nature == "resolution")
            return set(session.scalars(running))

    assert versions() == {0}
    reckon_left_behind(held.wired)
    assert versions() == {1}


def test_what_silence_has_decided_hides_nothing_of_what_it_will(held: Held, sessions: Sessions) -> None:
    held.wired = replace(held.wired, rulebooks=Rulebooks(sessions, held.clock))
    decides = {"decision_regime": "implicit_rejection", "decision_months": 2}
    with held.wired.units.begin(SYSTEM) as uow:
        given.category(uow, "VIE-02", **decides)
        told = {"category_code": "VIE-02", "received_at": TUESDAY - timedelta(days=90)}
        given.open_case(uow, given.rulebook(uow), **told)
        _many_more(uow, 210)
        told = {"category_code": "VIE-02", "received_at": TUESDAY - timedelta(days=55)}
        nearing = given.open_case(uow, given.rulebook(uow), **told)
    for _ in range(2):
        warn_of_silence(held.wired)
    with held.wired.units.reading() as session:
        named = sa.select(Case.reference).join(Notice, Notice.case_id == Case.id)
        assert session.scalars(named.where(Notice.kind == "silence_nears")).all() == [nearing]


def _many_more(uow: UnitOfWork, many: int) -> None:
    """Cases like the one there is."""
    uow.session.flush()
    own = {"reference", "key", "public_token"}
    kept = [column.name for column in Case.__table__.columns if column.name not in own | {"id"}]
    names, like = ", ".join([*own, *kept]), ", ".join([*(f"c.{one} || '-' || n" for one in own), *kept])
    more = f"INSERT INTO cases ({names}) SELECT {like} FROM cases AS c, generate_series(1, :many) AS n"
    uow.session.execute(sa.text(more), {"many": many})
