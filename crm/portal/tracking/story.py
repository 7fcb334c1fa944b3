"""What happened and what was said, as the resident is told it: facts in sentences, words in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from crm.cases import SPOKEN, CaseSheet
from crm.http import dates, in_sentence, language, typo, wiring, wording
from crm.http import gettext as _
from crm.interactions import Exchange, exchanges
from crm.staff import first_names
from crm.trail import TrailEntry, sentence, timeline, without_taken_back


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, ready to read. `ours`: what the service or the centre did."""

    at: datetime
    when: str
    iso: str
    text: str
    body: str = ""
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the thread, ready to read."""

    when: str
    iso: str
    who: str
    body: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Story:
    """Args:
    lines: latest first.
    talk: the thread between the resident and us, in the order of a conversation.
    waits: we asked something and wait for the answer.
    followed_by: first name of the agent in charge, when they may be named.
    routed_at, accepted_at: the first moment each happened.
    """

    lines: list[Line]
    talk: list[Said]
    waits: bool
    followed_by: str
    routed_at: datetime | None
    accepted_at: datetime | None


def story(session: Session, case: CaseSheet) -> Story:
    facts = without_taken_back(timeline(session, "case", case.id))
    said = exchanges(session, case.id, public_only=True, left_by=wiring().clock.now())
    names = first_names(session, {who for who in (case.accepted_by_id, *(s.agent_id for s in said)) if who})
    return Story(
        lines=[line for fact in reversed(facts) if (line := _line(fact, case))],
        talk=[_said(one, names) for one in said if one.kind in SPOKEN and one.body],
        waits=case.state == "waiting_requester",
        followed_by=names.get(case.accepted_by_id or 0, ""),
        routed_at=_first(facts, "case.routed"),
        accepted_at=_first(facts, "case.accepted") or _first(facts, "case.planned"),
    )


def _first(facts: list[TrailEntry], kind: str) -> datetime | None:
    return next((fact.at for fact in facts if fact.kind == kind), None)


def _said(exchange: Exchange, names: dict[int, str]) -> Said:
    mine = exchange.direction == "in"
    centre = wiring().settings.centre.name
    name = names.get(exchange.agent_id or 0, "")
    spaced = not mine and language() == "fr"
    return Said(
        when=dates.moment(exchange.occurred_at),
        iso=exchange.occurred_at.isoformat(),
        who=_("Vous") if mine else f"{name}, {centre}" if name else centre,
        body=typo(exchange.body) if spaced else exchange.body,
        mine=mine,
    )


def _line(fact: TrailEntry, case: CaseSheet) -> Line | None:
    text = sentence(fact, _say, _, public=True)
    if text is None:
        return None
    when, ours = dates.moment(fact.at), fact.kind.startswith("case.") and fact.kind not in _THEIRS
    return Line(fact.at, when, fact.at.isoformat(), text, _advice(fact, case), ours)


# What the resident does; a demand is also entrusted to a unit in the act of sending it, and that is ours.
_THEIRS = frozenset(
    {
        "case.opened", "case.written", "case.precised", "case.replied", "case.reminded", "case.reopened",
        "case.answer_way_asked", "case.answer_way_changed", "files.received",
    }
)  # fmt: skip


def _advice(fact: TrailEntry, case: CaseSheet) -> str:
    return str(case.routing.get("advice") or "") if fact.kind == "case.refused" else ""


def _say(fact: TrailEntry, hole: str, value: object) -> str:
    if hole == "unit":
        unit = wiring().rulebooks.units().get(int(str(value)))
        return unit.name if unit else "—"
    if hole in {"planned_on", "due_on"}:
        return dates.day(date.fromisoformat(str(value)))
    return str(value) if hole == "count" else in_sentence(wording(str(value), hole))
