"""Pauses against a watchman who, hour after hour, looks whether we wait for somebody who has our question."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.deadlines import LONGEST_PAUSE, MOST_PAUSES, Calendar, Pause, WorkingTime, put_off, spans_of
from crm.promises.facts import heard

START = datetime(2026, 9, 14, 8, tzinfo=UTC)
LONGEST = LONGEST_PAUSE // timedelta(hours=1)
WORKING = WorkingTime(Calendar())


_LEADS = {
    "asked": ("open waiting", "waiting"),
    "replied": ("waiting", "open"),
    "closed": ("open waiting", "closed"),
    "reopened": ("closed", "open"),
    "precised": ("open", "open"),
}


@dataclass
class Act:
    """One step: the hour, what moved, the message that came with it and the hour at which that left."""

    hour: int
    kind: str
    state: str  # where it led
    message: int | None = None
    left: int | None = None
    undone: bool = False


@dataclass
class History:
    """What people did, the acts that were taken back among them."""

    acts: list[Act] = field(default_factory=list)
    undoings: list[tuple[int, int]] = field(default_factory=list)  # hour, message

    @property
    def stands(self) -> list[Act]:
        return [act for act in self.acts if not act.undone]

    @property
    def state(self) -> str:
        return self.stands[-1].state if self.stands else "open"

    def do(self, kind: str, hour: int, leaves_after: int | None) -> None:
        """What cannot be done from there is not."""
        sources, state = _LEADS[kind]
        if self.state not in sources.split():
            return None
        message = len(self.acts) + 1 if kind in {"asked", "closed"} else None
        left = hour + leaves_after if message and leaves_after is not None else None
        return self.acts.append(Act(hour, kind, state, message, left))

    def take_back(self, hour: int) -> None:
        last = self.acts[-1] if self.acts else None
        if last and last.message and not last.undone and (last.left is None or last.left > hour):
            last.undone, last.left = True, None
            self.undoings.append((hour, last.message))

    def pauses(self) -> tuple[Pause, ...]:
        """As the house tells them."""
        told = [(act.hour, f"case.{act.kind}", act.message) for act in self.acts]
        told += [(hour, "case.taken_back", message) for hour, message in self.undoings]
        facts = [
            SimpleNamespace(id=rank, kind=kind, at=at(hour), data={"interaction_id": message})
            for rank, (hour, kind, message) in enumerate(sorted(told, key=lambda one: one[0]), start=1)
        ]
        left = {act.message: at(act.left) for act in self.acts if act.message and act.left is not None}
        return heard(facts, left).every_pause

    def waited(self, hour: int) -> list[int]:
        """When the questions of the wait that runs at that hour had left; none: we wait for nobody."""
        left: list[int | None] = []
        for act in self.stands:
            if act.hour <= hour:
                left = [*left, act.left] if act.kind == "asked" else left if act.kind == "precised" else []
        return [one for one in left if one is not None and one <= hour]


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def hours_in(spans: object, horizon: int) -> set[int]:
    return {hour for hour in range(horizon) for since, until in spans if since <= at(hour) < until}  # type: ignore[attr-defined]


_kinds = st.sampled_from(["asked", "asked", "asked", "replied", "closed", "reopened", "precised"])
_leaves_after = st.one_of(st.none(), st.integers(1, 200))
_steps = st.lists(st.tuples(_kinds, st.integers(2, 420), _leaves_after, st.booleans()), max_size=9)


@st.composite
def histories(draw: st.DrawFn) -> History:
    made, hour = History(), 0
    for kind, passed, leaves_after, taken_back in draw(_steps):
        hour += passed
        made.do(kind, hour, leaves_after)
        if taken_back:
            made.take_back(hour + 1)
    return made


@settings(max_examples=150, deadline=None)
@given(histories())
def test_a_pause_is_when_we_wait_for_who_has_our_question(history: History) -> None:
    pauses = history.pauses()
    horizon = max([act.hour for act in history.acts] + [act.left or 0 for act in history.acts] + [0]) + 800
    waits = {hour: left for hour in range(horizon) if (left := history.waited(hour))}
    shown = [(one.since, one.until or at(horizon)) for one in pauses]
    assert all(since < until for since, until in shown)
    assert all(one[1] <= other[0] for one, other in pairwise(shown)), "never two at once"
    assert hours_in(shown, horizon) == set(waits)

    begun = sorted({max(left) for left in waits.values()})[:MOST_PAUSES]
    counted = {hour for hour, left in waits.items() if max(left) in begun and hour < max(left) + LONGEST}
    spans = spans_of(pauses)
    assert hours_in(spans, horizon) == counted, "two of them count, fifteen days each"
    assert sum((until - since for since, until in spans), timedelta()) <= MOST_PAUSES * LONGEST_PAUSE


@settings(max_examples=150, deadline=None)
@given(histories(), st.integers(1, 20))
def test_nobody_is_late_for_having_waited(history: History, days: int) -> None:
    base = WORKING.calendar.due_at(START, days, "working_day", 3)
    assert put_off(WORKING, START, base, spans_of(history.pauses())) >= base


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 300), st.integers(1, 100), st.integers(1, 500), st.integers(1, 200),
    st.one_of(st.none(), st.integers(1, 1000)), st.integers(1, 20),
)  # fmt: skip
def test_asking_once_more_never_brings_the_date_forward(
    asked: int, left: int, again: int, left_again: int, answered: int | None, days: int
) -> None:
    once, twice = History(), History()
    for history in (once, twice):
        history.do("asked", asked, left)
    twice.do("asked", asked + again, left_again)
    for history in (once, twice):
        if answered is not None:
            history.do("replied", asked + again + answered, None)
    base = WORKING.calendar.due_at(START, days, "working_day", 3)
    due, later = (put_off(WORKING, START, base, spans_of(one.pauses())) for one in (once, twice))
    assert later >= due
