"""Tells those who follow a demand what becomes of it: one message each, which then lives its own life.

All the messages of a fact are written with the "done" mark of its delivery, in one transaction: whatever dies
before leaves none of them, whatever dies after leaves them all, each with its own delivery.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from crm.cases import (
    CaseSheet,
    Follower,
    FollowersTold,
    case_by_id,
    follower_by_id,
    followers,
    followers_from,
)
from crm.foundation import UnitOfWork
from crm.guests import last_referral
from crm.interactions import Message, one_message, queue_message
from crm.notifications import (
    News,
    Values,
    compose_any_way,
    compose_call,
    compose_joined,
    compose_news,
    have_it_said,
    may_leave,
)
from crm.wiring import Wiring
from workers.facts import Fact

_NEWS = {
    "case.planned": "planned",
    "case.secured": "secured",
    "case.delayed": "delayed",
    "case.closed": "closed",
    "case.reopened": "reopened",
    "case.cancelled": "cancelled",
    "case.referred": "referred",
    "case.returned": "returned",
}


def tell_follower(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """Somebody just said « moi aussi »: which demand they join, and how to see where it stands."""
    follower = follower_by_id(uow.session, fact.data["watcher_id"])
    if follower.left_at is None:
        _join(wired, uow, case_by_id(uow.session, follower.case_id), [follower])


def tell_merged(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """Their demand was one more of the same: whoever came with it follows the other one."""
    people = followers_from(uow.session, fact.subject_id)
    _join(wired, uow, case_by_id(uow.session, fact.data["original_id"]), people)


def tell_followers(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """A date, a danger away, a delay, an answer, a reopening, another body: the same news for all of them."""
    people = followers(uow.session, fact.subject_id, told_only=True)
    if not people:
        return
    case, news = case_by_id(uow.session, fact.subject_id), _news(wired, uow, fact)
    messages = compose_news(uow.session, wired.settings.centre, case, people, news, uow.now)
    if told := _queue(uow, case, messages):
        uow.record(FollowersTold(subject_id=case.id, news=news.kind, how_many=told))


def tell_incident_over(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """Everybody attached, the first who asked included, each by their own channel; the demand goes on."""
    case = case_by_id(uow.session, fact.subject_id)
    centre, said = wired.settings.centre, one_message(uow.session, fact.data["told_id"]).body
    words: Values = {"message": said.strip()}
    if not may_leave(case, "incident_over"):
        call = compose_call(uow.session, centre, case, "incident_over", uow.now, also=words, any_way=True)
        have_it_said(uow, case, call)
        return
    first = compose_any_way(uow.session, centre, case, "incident_over", uow.now, extra=words)
    if first is not None:
        queue_message(uow, case, case.id, first)
    people = followers(uow.session, case.id, told_only=True)
    news = News(kind="over", report=said)
    if told := _queue(uow, case, compose_news(uow.session, centre, case, people, news, uow.now)):
        uow.record(FollowersTold(subject_id=case.id, news=news.kind, how_many=told))


def _join(wired: Wiring, uow: UnitOfWork, case: CaseSheet, people: list[Follower]) -> None:
    _queue(uow, case, compose_joined(uow.session, wired.settings.centre, case, people, uow.now))


def _queue(uow: UnitOfWork, case: CaseSheet, messages: Iterable[Message]) -> int:
    return len([queue_message(uow, case, case.id, message) for message in messages])


def _news(wired: Wiring, uow: UnitOfWork, fact: Fact) -> News:
    """As it was then: a date or an outcome may have changed since."""
    data = fact.data
    words_id = data.get("told_id") or data.get("motive_id")
    report = one_message(uow.session, words_id).body if words_id else ""
    said = data.get("planned_on") or data.get("due_on")
    day = date.fromisoformat(said) if said else None
    kind, body = _NEWS[fact.kind], _body(wired, uow, fact)
    return News(kind=kind, day=day, outcome=data.get("outcome"), report=report, body=body)


def _body(wired: Wiring, uow: UnitOfWork, fact: Fact) -> str:
    """To whom it was passed, and how they are reached: « Eaux de la Haute-Rive, 04 99 00 00 01 »."""
    if fact.kind not in {"case.referred", "case.returned"}:
        return ""
    unit = wired.rulebooks.units().get(fact.data.get("unit_id") or 0)
    if unit is not None:
        return ", ".join(filter(None, (unit.organization_name, unit.phone or unit.email)))
    link = last_referral(uow.session, fact.subject_id)
    known = (link.organization, "" if fact.kind == "case.returned" else link.email) if link else ()
    return ", ".join(filter(None, known)) or "—"
