"""One demand as it is lived: columns, exchanges and facts, consistent because each act writes all three."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from crm.cases import Assessment, CaseClosed, CaseOpened, CaseReopened, CaseState, Outcome, cell_of
from crm.cases import events as happened
from crm.cases.actions.opening import as_kept
from crm.cli.demo.history.beginning import Beginning
from crm.cli.demo.history.words import words
from crm.foundation import RESIDENT, SYSTEM, Actor, Event
from crm.intake.bulk import Row, as_json, fact
from crm.interactions import (
    CallMade,
    InteractionRecorded,
    LetterPrinted,
    MessageQueued,
    MessageSent,
    NoteAdded,
)

CASE_COLUMNS = (
    "id", "reference", "key", "public_token", "kind", "state", "channel", "category_code", "priority",
    "object", "answers", "received_at", "created_at", "updated_at", "announced_due_at", "due_at",
    "planned_on", "made_safe_at", "resolved_at", "answered_at", "closed_at", "contested_at", "insee",
    "origin_insee", "responsible_insee", "sector_code", "street_id", "address_id", "place_label",
    "place_hint", "place_precision", "road_owner", "postcode", "lon", "lat", "cell", "contact_id",
    "answer_channel", "unit_id", "organization_id", "agent_id", "accepted_by_id", "outcome",
    "no_answer_reason", "routing", "bounce_count", "reopen_count", "version",
)  # fmt: skip
EXCHANGE_COLUMNS = (
    "id", "case_id", "contact_id", "direction", "channel", "kind", "subject", "body", "recipient", "state",
    "occurred_at", "created_at", "sent_at", "promised_at", "agent_id", "organization_id", "tries",
    "is_public",
)  # fmt: skip
_LEFT = {"email": "sent", "sms": "sent", "letter": "printed", "phone": "called"}
_WAITING = {"letter": "to_print", "phone": "to_call"}


@dataclass(slots=True)
class Life:
    """Each method is one act at a moment; the caller keeps moments in order and follows the lifecycle."""

    start: Beginning
    found: Assessment
    next_exchange: Iterator[int]
    columns: dict[str, Any] = field(default_factory=dict)
    exchanges: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)

    @property
    def unit_id(self) -> int | None:
        unit_id: int | None = self.columns["unit_id"]
        return unit_id

    @property
    def state(self) -> CaseState:
        return CaseState(self.columns["state"])

    def row(self) -> Row:
        return tuple(self.columns[name] for name in CASE_COLUMNS)

    def open(self, responsible_insee: str | None) -> None:
        start, found, at = self.start, self.found, self.start.created_at
        decision = found.decision
        ended = decision.kind in {"refuse", "refer"}
        outcomes = {"refuse": Outcome.INFORMED, "refer": Outcome.TRANSMITTED}
        self.columns = dict.fromkeys(CASE_COLUMNS) | {
            "id": start.id, "reference": start.reference, "key": start.key, "public_token": start.token,
            "kind": start.kind, "channel": start.said.channel, "priority": found.priority,
            "category_code": found.category.code if found.category else None,
            "object": start.said.object, "answers": as_json(dict(start.said.answers)),
            "received_at": start.said.received_at, "created_at": at, "updated_at": at,
            "announced_due_at": None if ended else found.due_at, "due_at": found.due_at,
            "closed_at": at if ended else None, "answered_at": at if ended else None,
            "outcome": outcomes.get(decision.kind), "unit_id": decision.unit_id,
            "responsible_insee": responsible_insee,
            "state": CaseState.CLOSED if ended else CaseState.ASSIGNED if decision.unit_id
            else CaseState.REGISTERED,
            "origin_insee": start.said.place.insee if start.said.channel == "desk" else None,
            "place_hint": start.hint, "contact_id": start.person.id if start.person else None,
            "answer_channel": start.answer_channel, "organization_id": start.opener.organization_id,
            "agent_id": start.opener.id, "routing": as_json(as_kept(decision)),
            "bounce_count": 0, "reopen_count": 0, "version": 1,
        }  # fmt: skip
        self._put_place()
        self._tell_opening(at)

    def _put_place(self) -> None:
        place = self.start.said.place
        for name in (
            "insee",
            "sector_code",
            "street_id",
            "address_id",
            "road_owner",
            "postcode",
            "lon",
            "lat",
        ):
            self.columns[name] = getattr(place, name)
        self.columns |= {"place_label": place.label, "place_precision": place.precision}
        self.columns["cell"] = cell_of(place.lon, place.lat, place.insee)

    def _tell_opening(self, at: datetime) -> None:
        start, decision, opener = self.start, self.found.decision, self.start.opener
        channel = start.said.channel
        category = self.columns["category_code"]
        self._record(
            at,
            opener,
            CaseOpened(subject_id=start.id, channel=channel, category=category, priority=self.found.priority),
        )
        if decision.kind == "refuse":
            self._record(
                at, opener, happened.CaseRefused(subject_id=start.id, reason=decision.reasons[0].code)
            )
        elif decision.unit_id is None:
            why = {"reason": decision.qualify_reason or "no_rule", "category": category}
            self._record(at, opener, happened.CaseUnroutable(subject_id=start.id, **why))
        else:
            self._routed(
                at, opener, decision.unit_id, rule_id=decision.rule_id, table_version=decision.table_version
            )
            if decision.kind == "refer":
                self._record(at, opener, happened.CaseReferred(subject_id=start.id, unit_id=decision.unit_id))
        self._received(at, opener, channel, "opening", "", start.said.received_at)
        if decision.kind == "refuse" and decision.advice:
            self._exchange(
                at, opener, "out", channel, "opening", decision.advice, state="recorded", is_public=True
            )

    def _routed(self, at: datetime, actor: Actor, unit_id: int, **why: int | None) -> None:
        self._record(at, actor, happened.CaseRouted(subject_id=self.start.id, unit_id=unit_id, **why))

    def acknowledge(self, at: datetime, due: str) -> None:
        """The automatic receipt, to whoever chose to be written to."""
        kind = "referral" if self.found.decision.kind == "refer" else "registration"
        if self.start.answer_channel in {"email", "letter"} and self.found.decision.kind != "refuse":
            self.send(
                at, SYSTEM, kind, words()["messages"][kind].format(reference=self.start.reference, due=due)
            )

    def send(self, at: datetime, actor: Actor, kind: str, body: str, *, waits: bool = False) -> int:
        """A message by the channel that the resident chose; `waits`: a letter to print, a call to make."""
        start, channel = self.start, self.start.answer_channel
        recipient = start.person.reached_by(channel) if start.person else ""
        sent_at = None if waits else min(at + timedelta(minutes=2 if channel == "email" else 45), start.until)
        state = _WAITING[channel] if waits else _LEFT[channel]
        subject = f"Votre demande {start.reference}" if channel != "phone" else ""
        message = self._exchange(
            at, actor, "out", channel, kind, body, state=state, is_public=True, subject=subject,
            recipient=recipient, sent_at=sent_at, tries=0 if waits else 1,
        )  # fmt: skip
        told: dict[str, Any] = {"subject_id": start.id, "interaction_id": message, "message_kind": kind}
        self._record(at, actor, MessageQueued(channel=channel, **told))
        if sent_at and channel == "letter":
            self._record(sent_at, actor, LetterPrinted(**told))
        elif sent_at and channel == "phone":
            self._record(sent_at, actor, CallMade(reached=True, **told))
        elif sent_at:
            self._record(sent_at, SYSTEM, MessageSent(channel=channel, **told))
        return message

    def route(self, at: datetime, actor: Actor, unit_id: int, insee: str | None, motive: str) -> None:
        note = self._note(at, actor, "routing", motive)
        left = self.unit_id
        self._move(at, CaseState.ASSIGNED, unit_id=unit_id, responsible_insee=insee)
        self._routed(at, actor, unit_id, from_unit_id=left, interaction_id=note)

    def bounce(self, at: datetime, actor: Actor, reason: str, motive: str) -> None:
        note = self._note(at, actor, "bounce", motive)
        left = self.unit_id
        count = self.columns["bounce_count"] + 1
        self._move(at, CaseState.REGISTERED, unit_id=None, responsible_insee=None, bounce_count=count)
        bounced = happened.CaseBounced(
            subject_id=self.start.id, from_unit_id=left, reason=reason, interaction_id=note
        )
        self._record(at, actor, bounced)

    def accept(self, at: datetime, actor: Actor) -> None:
        self._move(at, CaseState.IN_PROGRESS, accepted_by_id=actor.id)
        self._record(at, actor, happened.CaseAccepted(subject_id=self.start.id))

    def plan(self, at: datetime, actor: Actor, day: date) -> None:
        self._move(at, CaseState.SCHEDULED, planned_on=day)
        self._record(at, actor, happened.CasePlanned(subject_id=self.start.id, planned_on=day.isoformat()))

    def secure(self, at: datetime, actor: Actor, day: date, report: str) -> None:
        note = self._note(at, actor, "report", report)
        self._move(at, CaseState.SCHEDULED, planned_on=day, made_safe_at=at)
        secured = happened.CaseSecured(
            subject_id=self.start.id, planned_on=day.isoformat(), interaction_id=note
        )
        self._record(at, actor, secured)

    def ask(self, at: datetime, actor: Actor, question: str) -> None:
        body = words()["messages"]["question"].format(reference=self.start.reference, question=question)
        message = self.send(at, actor, "question", body)
        self._move(at, CaseState.WAITING_REQUESTER)
        self._record(at, actor, happened.CaseAsked(subject_id=self.start.id, interaction_id=message))

    def reply(self, at: datetime, text: str) -> None:
        said = self._received(at, RESIDENT, "web", "precision", text, at)
        back = CaseState.IN_PROGRESS if self.columns["accepted_by_id"] else CaseState.ASSIGNED
        self._move(at, back)
        self._record(at, RESIDENT, happened.CaseReplied(subject_id=self.start.id, interaction_id=said))

    def await_partner(self, at: datetime, actor: Actor, motive: str) -> None:
        note = self._note(at, actor, "note", motive)
        self._move(at, CaseState.WAITING_THIRD_PARTY)
        self._record(at, actor, happened.CaseAwaitsPartner(subject_id=self.start.id, interaction_id=note))

    def resume(self, at: datetime, actor: Actor) -> None:
        self._move(at, CaseState.IN_PROGRESS)
        self._record(at, actor, happened.CaseResumed(subject_id=self.start.id))

    def resolve(self, at: datetime, actor: Actor, outcome: str, report: str, day: date | None = None) -> None:
        note = self._note(at, actor, "report", report)
        kept = day or self.columns["planned_on"]
        self._move(at, CaseState.RESOLVED, outcome=outcome, resolved_at=at, planned_on=kept)
        resolved = happened.CaseResolved(
            subject_id=self.start.id, outcome=outcome, unit_id=self.unit_id, interaction_id=note
        )
        self._record(at, actor, resolved)

    def close(self, at: datetime, actor: Actor, outcome: str, report: str, *, waits: bool = False) -> None:
        """With an answer to whoever can have one, else with the reason why there is none."""
        message, reason = None, None
        if self.start.answer_channel != "none":
            body = words()["messages"]["answer"].format(reference=self.start.reference, report=report)
            message = self.send(at, actor, "answer", body, waits=waits)
        else:
            reason = "does_not_wish" if self.start.person else "anonymous"
        self._move(
            at, CaseState.CLOSED, outcome=outcome, closed_at=at, answered_at=at if message else None,
            no_answer_reason=reason, contested_at=None,
        )  # fmt: skip
        closed = CaseClosed(
            subject_id=self.start.id, outcome=outcome, interaction_id=message, no_answer_reason=reason
        )
        self._record(at, actor, closed)

    def contest(self, at: datetime, due_at: datetime, text: str) -> None:
        """« Ce n’est pas fait »: open again, the first announced date still the one judged."""
        note = self._received(at, RESIDENT, "web", "precision", text, at)
        self._move(
            at, CaseState.ASSIGNED, contested_at=at, closed_at=None, answered_at=None, resolved_at=None,
            outcome=None, no_answer_reason=None, planned_on=None, due_at=due_at,
            reopen_count=self.columns["reopen_count"] + 1,
        )  # fmt: skip
        reopened = CaseReopened(
            subject_id=self.start.id, reason="not_done", contested=True, interaction_id=note
        )
        self._record(at, RESIDENT, reopened)
        if self.start.answer_channel in {"email", "letter"}:
            body = words()["messages"]["reopened"].format(reference=self.start.reference)
            self.send(at + timedelta(minutes=1), SYSTEM, "reopened", body)

    def _move(self, at: datetime, state: CaseState, **columns: object) -> None:
        version = self.columns["version"] + 1
        self.columns |= {"state": state, "updated_at": at, "version": version, **columns}

    def _record(self, at: datetime, actor: Actor, event: Event) -> None:
        self.facts.append(fact(event, actor, at))

    def _note(self, at: datetime, actor: Actor, kind: str, body: str) -> int:
        note = self._exchange(at, actor, "internal", "internal", kind, body, state="recorded")
        self._record(at, actor, NoteAdded(subject_id=self.start.id, interaction_id=note, note_kind=kind))
        return note

    def _received(
        self, at: datetime, actor: Actor, channel: str, kind: str, body: str, occurred_at: datetime
    ) -> int:
        said = self._exchange(
            at, actor, "in", channel, kind, body, state="received", is_public=True, occurred_at=occurred_at
        )
        told = InteractionRecorded(
            subject_id=self.start.id, interaction_id=said, channel=channel, interaction_kind=kind
        )
        self._record(at, actor, told)
        return said

    def _exchange(
        self, at: datetime, actor: Actor, direction: str, channel: str, kind: str, body: str, *, state: str,
        is_public: bool = False, subject: str = "", recipient: str = "", sent_at: datetime | None = None,
        occurred_at: datetime | None = None, tries: int = 0,
    ) -> int:  # fmt: skip
        exchange_id = next(self.next_exchange)
        contact_id = None if direction == "internal" else self.columns["contact_id"]
        by_agent = actor.id if actor.kind == "agent" else None
        self.exchanges.append((
            exchange_id, self.start.id, contact_id, direction, channel, kind, subject, body, recipient, state,
            occurred_at or at, at, sent_at, None, by_agent, actor.organization_id, tries, is_public,
        ))  # fmt: skip
        return exchange_id
