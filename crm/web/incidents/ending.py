"""The end of an incident: what whoever asked first would read; when, by whom and to how many it was said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet, followers
from crm.cases.together.counting import IncidentLine
from crm.foundation import clean
from crm.http import wiring
from crm.interactions import Message, bodies_of, exchanges
from crm.notifications import News, Told, compose_any_way, may_leave, told_of
from crm.trail import timeline

_KIND = "incident_over"


@dataclass(frozen=True, slots=True)
class Over:
    """
    Args:
        said: to everybody attached; empty when nobody was told.
        told: for how many there was a message, whoever asked first included.
    """

    at: datetime | None
    by_id: int | None
    said: str
    told: int


def first_would_read(session: Session, case: CaseSheet, told: str) -> Message | None:
    """Their own link is left out. None for whoever cannot be told, or whom somebody calls instead."""
    if not may_leave(case, _KIND):
        return None
    known = wiring()
    words = {"message": clean(told)}
    made = compose_any_way(session, known.settings.centre, case, _KIND, known.clock.now(), extra=words)
    return replace(made, body=made.body.replace(case.public_token, "…")) if made else None


def others_would_read(session: Session, case: CaseSheet, told: str) -> list[Told]:
    known, people = wiring(), followers(session, case.id, told_only=True)
    news = News(kind="over", report=clean(told))
    return told_of(session, known.settings.centre, case, people, news, known.clock.now())


def how_it_ended(session: Session, incident: IncidentLine) -> Over:
    """An answer that closed the demand ended it too: its own page says what was answered."""
    facts = timeline(session, "case", incident.case_id)
    ours = {fact.kind: fact for fact in facts if fact.data.get("incident_id") == incident.id}
    said, ended = ours.get("incident.over_said"), ours.get("incident.ended")
    if said is None:
        return Over(incident.ended_at, ended.actor_id if ended else None, "", 0)
    told_id = int(said.data["told_id"])
    after = [fact for fact in facts if fact.kind == "case.followers_told" and fact.id > said.id]
    many = next((fact.data["how_many"] for fact in after if fact.data["news"] == "over"), 0)
    first = any(one.kind == _KIND and one.id > told_id for one in exchanges(session, incident.case_id))
    return Over(said.at, said.actor_id, bodies_of(session, [told_id]).get(told_id, ""), many + first)
