"""What happened, in order, in sentences, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from crm.foundation import RESIDENT, SYSTEM, Actor, Event, FrozenClock, Units
from crm.knowledge import ELSEWHERE
from crm.trail import (
    PUBLIC_KINDS,
    SENTENCES,
    AuditFilters,
    TrailEntry,
    audit,
    is_public,
    mentioned,
    sentence,
    timeline,
    who,
)

ADVISOR = Actor(kind="agent", id=5, organization_id=2, roles=frozenset({"advisor"}))
NAMES = {
    ("agent", 5): "Aïcha Diallo",
    ("organization", 2): "Métropole",
    ("unit", 3): "Éclairage public",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    kind: ClassVar[str] = "case.opened"
    subject_kind: ClassVar[str] = "case"
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed(Event):
    kind: ClassVar[str] = "case.routed"
    subject_kind: ClassVar[str] = "case"
    unit_id: int
    from_unit_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Event):
    kind: ClassVar[str] = "case.accepted"
    subject_kind: ClassVar[str] = "case"


def _say(_entry: TrailEntry, name: str, value: object) -> str:
    return NAMES.get((name, value), f"«{value}»")  # type: ignore[arg-type]


def _as_is(text: str) -> str:
    return text


def _opened_and_routed(units: Units, case_id: int = 41) -> None:
    with units.begin(ADVISOR) as uow:
        uow.record(Opened(subject_id=case_id, channel="phone"))
        uow.record(Routed(subject_id=case_id, unit_id=3, from_unit_id=8))


def test_a_timeline_tells_its_case_alone_in_order(units: Units) -> None:
    _opened_and_routed(units)
    _opened_and_routed(units, case_id=42)
    with units.begin(SYSTEM) as uow:
        uow.record(Accepted(subject_id=41))

    with units.reading() as session:
        told = timeline(session, "case", 41)
        latest = timeline(session, "case", 41, limit=2)
        but_the_last = timeline(session, "case", 41, limit=2, without={"case.accepted"})

    assert [entry.kind for entry in told] == ["case.opened", "case.routed", "case.accepted"]
    assert (latest, but_the_last) == (told[1:], told[:2])
    assert [who(entry, NAMES, _as_is) for entry in told] == ["Aïcha Diallo, Métropole"] + ["Automatique"] * 2
    assert mentioned(told) == {"agent": {5}, "organization": {2}, "unit": {3, 8}}


def test_a_fact_becomes_a_sentence_for_each_reader(units: Units) -> None:
    _opened_and_routed(units)
    with units.reading() as session:
        _, routed = timeline(session, "case", 41)

    assert sentence(routed, _say, _as_is) == "Demande transmise au service « Éclairage public »."
    assert sentence(routed, _say, _as_is, public=True) == (
        "Votre demande est transmise au service « Éclairage public »."
    )


def _entry(kind: str, **data: object) -> TrailEntry:
    at = datetime(2026, 9, 15, 8, tzinfo=UTC)
    return TrailEntry(1, at, kind, "case", 41, "resident", None, None, data)


def test_a_sentence_survives_what_the_fact_does_not_say() -> None:
    assert sentence(_entry("case.opened"), _say, _as_is) == "Demande enregistrée."
    assert sentence(_entry("case.bounced"), _say, _as_is) == "Demande renvoyée par le service : …."
    assert sentence(_entry("case.teleported"), _say, _as_is) == "case.teleported"


@pytest.mark.parametrize(
    "kind", ["case.bounced", "case.edited", "note.added", "contact.revealed", "case.teleported"]
)
def test_the_resident_is_not_told_what_stays_among_us(kind: str) -> None:
    assert sentence(_entry(kind), _say, _as_is, public=True) is None
    assert kind not in PUBLIC_KINDS


@pytest.mark.parametrize("written", [*ELSEWHERE, "on_call"])
def test_the_resident_does_not_read_that_they_were_written_to_when_another_was(written: str) -> None:
    to_other = _entry("message.sent", message_kind=written, channel="email")
    assert sentence(to_other, _say, _as_is, public=True) is None and not is_public(to_other)
    assert sentence(to_other, _say, _as_is), "those who work here read it"
    theirs = _entry("message.sent", message_kind="referral", channel="email")
    assert is_public(theirs) and sentence(theirs, _say, _as_is, public=True)


@pytest.mark.parametrize("kind", SENTENCES)
def test_sentences_are_written_as_french_is(kind: str) -> None:
    told = SENTENCES[kind]
    for text in filter(None, (told.text, told.public, told.bare)):
        assert text.endswith(".")
        assert "'" not in text and "\u202f" not in text and "\u00a0" not in text
        assert "client" not in text and "administré" not in text


def test_a_resident_is_named_by_what_they_are() -> None:
    assert who(_entry("case.opened"), {}, _as_is) == "L’usager"


def test_the_audit_goes_back_page_by_page_without_a_gap(units: Units) -> None:
    for case_id in range(1, 6):
        _opened_and_routed(units, case_id)

    with units.reading() as session:
        seen, before = [], None
        while True:
            page = audit(session, AuditFilters(kinds=("case.routed",)), before_id=before, limit=2)
            seen += page.entries
            if (before := page.before_id) is None:
                break

    assert [entry.subject_id for entry in seen] == [5, 4, 3, 2, 1]


def test_the_audit_keeps_what_is_asked(units: Units, clock: FrozenClock) -> None:
    _opened_and_routed(units)
    morning = clock.now()
    clock.at += timedelta(hours=3)
    with units.begin(RESIDENT) as uow:
        uow.record(Accepted(subject_id=41))

    with units.reading() as session:

        def kinds(filters: AuditFilters) -> list[str]:
            return [entry.kind for entry in audit(session, filters).entries]

        later = morning + timedelta(hours=1)
        assert kinds(AuditFilters(actor_kind="agent", actor_id=5)) == ["case.routed", "case.opened"]
        assert kinds(AuditFilters(since=later)) == ["case.accepted"]
        assert kinds(AuditFilters(until=later, organization_id=2)) == ["case.routed", "case.opened"]
        assert kinds(AuditFilters(subject_kind="case", subject_id=42)) == []
