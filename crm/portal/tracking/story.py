"""What happened, as the resident is told it: public facts in sentences, with the words exchanged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.http import dates, in_sentence, wiring, wording
from crm.http import gettext as _
from crm.interactions import Exchange, exchanges
from crm.trail import TrailEntry, sentence, timeline


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, ready to read."""

    when: str
    iso: str
    text: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Args:
    lines: latest first.
    question: what we asked and wait an answer to; empty when nothing is waited for.
    routed_at, accepted_at: the first moment each happened.
    """

    lines: list[Line]
    question: str
    routed_at: datetime | None
    accepted_at: datetime | None


def story(session: Session, case: CaseSheet) -> Story:
    facts = timeline(session, "case", case.id)
    said = {exchange.id: exchange for exchange in exchanges(session, case.id, public_only=True)}
    lines = [line for fact in reversed(facts) if (line := _line(fact, case, said))]
    questions = [exchange for exchange in said.values() if exchange.kind == "question"]
    waits = case.state == "waiting_requester" and questions
    return Story(
        lines=lines,
        question=questions[-1].body if waits else "",
        routed_at=_first(facts, "case.routed"),
        accepted_at=_first(facts, "case.accepted") or _first(facts, "case.planned"),
    )


def _first(facts: list[TrailEntry], kind: str) -> datetime | None:
    return next((fact.at for fact in facts if fact.kind == kind), None)


def _line(fact: TrailEntry, case: CaseSheet, said: dict[int, Exchange]) -> Line | None:
    text = sentence(fact, _say, _, public=True)
    if text is None:
        return None
    return Line(dates.moment(fact.at), fact.at.isoformat(), text, _words(fact, case, said))


def _words(fact: TrailEntry, case: CaseSheet, said: dict[int, Exchange]) -> str:
    """The words of an exchange, once: where the demand itself moved on with them."""
    if fact.kind == "case.refused":
        return str(case.routing.get("advice") or "")
    if not fact.kind.startswith("case."):
        return ""
    exchange = said.get(int(fact.data.get("interaction_id") or 0))
    return exchange.body if exchange else ""


def _say(fact: TrailEntry, hole: str, value: object) -> str:
    if hole == "unit":
        unit = wiring().rulebooks.units().get(int(str(value)))
        return unit.name if unit else "—"
    if hole == "planned_on":
        return dates.day(date.fromisoformat(str(value)))
    return in_sentence(wording(str(value), hole))
