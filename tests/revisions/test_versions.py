"""What is changed on screen waits as a draft, is published with its reason, and can be read back for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from crm.foundation import (
    Actor,
    Conflict,
    FrozenClock,
    Invalid,
    NotAllowed,
    Units,
)
from crm.revisions import (
    draft_of,
    drafts_of,
    drop_draft,
    history_of,
    publish_draft,
    published_keys,
    seen_of,
    write_draft,
)
from tests.own_database import own_units
from tests.servers import Servers
from tests.waiting import at_once

ADMIN = Actor(kind="agent", id=1, roles=frozenset({"config_admin"}))
WAS = {"label": "Nid-de-poule"}


def _write(units: Units, label: str, seen: int = 0, key: str = "VOI-01") -> int:
    with units.begin(ADMIN) as uow:
        return write_draft(uow, "category", key, {"label": label}, seen=seen, now=WAS)


def _publish(units: Units, seen: int, note: str = "Mot plus clair") -> None:
    with units.begin(ADMIN) as uow:
        publish_draft(uow, "category", "VOI-01", note=note, seen=seen)


def _drop(units: Units, seen: int) -> None:
    with units.begin(ADMIN) as uow:
        drop_draft(uow, "category", "VOI-01", seen=seen)


def test_a_draft_becomes_the_next_version_and_the_first_words_stay_readable(units: Units) -> None:
    edits = _write(units, "Trou dans la chaussée", _write(units, "Trou"))
    with units.reading() as session:
        assert published_keys(session, "category") == frozenset()
        assert drafts_of(session, "category")["VOI-01"].edits == edits == 2
    _publish(units, edits)
    with units.reading() as session:
        told = [
            (one.number, one.content["label"], one.note) for one in history_of(session, "category", "VOI-01")
        ]
        assert told == [(1, "Trou dans la chaussée", "Mot plus clair"), (0, "Nid-de-poule", "")]
        assert draft_of(session, "category", "VOI-01") is None
        assert published_keys(session, "category") == {"VOI-01"}


def test_two_people_on_one_draft_and_the_second_is_told(units: Units) -> None:
    _write(units, "Trou")
    with pytest.raises(Conflict) as begun:
        _write(units, "Cavité")
    assert begun.value.details == {"seen": 1}
    _write(units, "Trou de la rue", 1)
    for late in (lambda: _write(units, "Cavité", 1), lambda: _publish(units, 1), lambda: _drop(units, 1)):
        with pytest.raises(Conflict):
            late()
    _drop(units, 2)
    with pytest.raises(Conflict) as gone:
        _publish(units, 2)
    assert gone.value.details == {"seen": 3}
    _drop(units, 3)  # nothing left to drop


def test_a_form_left_open_never_takes_the_next_draft_for_its_own(units: Units) -> None:
    _publish(units, _write(units, "Trou"))
    after_publication = _write(units, "Cavité", 2)
    _drop(units, after_publication)
    after_drop = _write(units, "Fosse", 4)
    assert (after_publication, after_drop) == (3, 5)
    for seen in range(after_drop):
        with pytest.raises(Conflict):
            _write(units, "Trou de la rue", seen)


def test_a_form_opened_before_a_colleague_published_begins_nothing_over_it(units: Units) -> None:
    with units.reading() as session:
        opened = seen_of(session, "category", "VOI-01")
    _publish(units, _write(units, "Trou"))
    with pytest.raises(Conflict):
        _write(units, "Cavité", opened)
    with units.reading() as session:
        assert draft_of(session, "category", "VOI-01") is None
        opened = seen_of(session, "category", "VOI-01")
    assert _write(units, "Cavité", opened) == opened + 1


def test_a_reason_and_a_change_are_needed(units: Units) -> None:
    edits = _write(units, "Nid-de-poule")
    with pytest.raises(Invalid) as refused:
        _publish(units, edits, note=" ")
    assert refused.value.fields == {"note": "required"}
    with pytest.raises(Invalid) as same:
        _publish(units, edits)
    assert same.value.fields == {"note": "nothing_changed"}


def test_only_who_sets_the_centre_up_may(units: Units) -> None:
    advisor = Actor(kind="agent", id=2, roles=frozenset({"advisor"}))
    with units.begin(advisor) as uow, pytest.raises(NotAllowed):
        write_draft(uow, "category", "VOI-01", {}, seen=0)


@pytest.fixture
def apart(servers: Servers, clock: FrozenClock) -> Iterator[Units]:
    with own_units(servers.database_url, "revising", clock) as units:
        yield units


def test_published_by_two_at_once_it_is_one_version(apart: Units) -> None:
    edits = _write(apart, "Trou")

    def publish(_: int) -> str:
        try:
            _publish(apart, edits)
        except Conflict as refused:
            return f"conflict {refused.details['seen']}"
        return "published"

    assert sorted(at_once(publish, 1, 2)) == ["conflict 2", "published"]
    with apart.reading() as session:
        assert [one.number for one in history_of(session, "category", "VOI-01")] == [1, 0]


def test_begun_by_two_at_once_it_is_one_draft(apart: Units) -> None:

    def begin(label: str) -> str:
        try:
            return f"seen {_write(apart, label)}"
        except Conflict as refused:
            return f"conflict {refused.details['seen']}"

    assert sorted(at_once(begin, "Trou", "Cavité")) == ["conflict 1", "seen 1"]


def test_dropped_by_one_and_written_by_another_at_once_only_one_is_done(apart: Units) -> None:
    seen = _write(apart, "Trou")

    def act(do: Callable[[], object]) -> str:
        try:
            do()
        except Conflict as refused:
            return f"conflict {refused.details['seen']}"
        return "done"

    acts = (lambda: _drop(apart, seen), lambda: _write(apart, "Cavité", seen))
    assert sorted(at_once(act, *acts)) == ["conflict 2", "done"]
