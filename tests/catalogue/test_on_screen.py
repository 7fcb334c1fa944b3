"""A category changed on screen: drafted, checked as files are, published for all, kept when files load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from crm.catalogue import (
    CATEGORY,
    DANGER,
    FACTS,
    RETIREMENT,
    Bearing,
    CatalogueCache,
    begin_category,
    catalogue,
    compare_proposals,
    compare_rings,
    dangers_in,
    load_catalogue,
    publish_category,
    publish_danger,
    take_back,
    with_category,
    with_danger,
    working,
    write_category,
    write_danger,
)
from crm.catalogue.contents import category_content, danger_content
from crm.foundation import SYSTEM, Actor, Conflict, FrozenClock, Invalid, NotAllowed, Sessions, Units
from crm.revisions import draft_of, history_of
from tests.catalogue.from_files import FOLDER, delivered

ADMIN = Actor(kind="agent", id=1, roles=frozenset({"config_admin"}))
DAY = date(2026, 9, 15)  # of the tests' clock


@pytest.fixture(autouse=True)
def _loaded(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, FOLDER)


def _now(units: Units, code: str = "ECLA-01", subject: str = CATEGORY) -> dict[str, Any]:
    with units.reading() as session:
        return dict(working(session, subject, code, DAY).content)


def _write(units: Units, content: Mapping[str, Any], seen: int = 0, held: frozenset[str] = FACTS) -> int:
    with units.begin(ADMIN) as uow:
        return write_category(uow, content, seen=seen, held=held)


def _publish(units: Units, code: str, seen: int, **rests: Any) -> None:
    with units.begin(ADMIN) as uow:
        publish_category(uow, code, note="Dit par les agents", seen=seen, bearing=Bearing(**rests))


def test_what_is_published_is_asked_and_what_was_asked_before_still_names_old_answers(
    units: Units, sessions: Sessions, clock: FrozenClock
) -> None:
    cache = CatalogueCache(sessions, clock=clock)
    was = _now(units)
    asked = [question for question in was["question"] if question["key"] != "count"]
    seen = _write(units, {**was, "label": "Lampadaire en panne", "delay_days": 8, "question": asked})
    assert cache.get()[0].categories["ECLA-01"].delay_days == 5
    _publish(units, "ECLA-01", seen)
    cache.forget()
    lamp = cache.get()[0].categories["ECLA-01"]
    assert (lamp.label, lamp.delay_days) == ("Lampadaire en panne", 8)
    assert [question.key for question in lamp.questions] == ["mast", "fault"]
    assert [question.key for question in lamp.past_questions] == ["count"]
    with units.begin(ADMIN) as uow:
        seen = take_back(uow, CATEGORY, "ECLA-01", 0, seen=seen + 1)
    _publish(units, "ECLA-01", seen)
    cache.forget()
    assert cache.get()[0] == delivered()


def test_a_mistake_is_said_by_its_box_and_what_other_rooms_rest_on_is_not_broken(units: Units) -> None:
    was = _now(units, "ECLA-03")
    wrong = {**was, "label": "", "delay_days": "huit", "outcomes": [], "dangers": ["ELEC", "FEU"]}
    wrong |= {"position": ""}
    with pytest.raises(Invalid) as refused:
        _write(units, wrong)
    assert refused.value.fields == {
        "label": "required", "delay_days": "not_a_number", "outcomes": "at_least_one",
        "position": "not_a_number",
    }  # fmt: skip
    with pytest.raises(Invalid) as met:
        _write(
            units,
            {**was, "place": "none", "dangers": ["ELEC", "FEU"], "label": "rue ou quartier dans le NOIR"},
        )
    assert met.value.fields == {
        "map_display": "map_without_place",
        "dangers": "unknown",
        "label": "label_taken",
    }
    seen = _write(units, {**was, "question": was["question"][1:]})
    waits = Bearing(awaited={"wires": frozenset({"yes"})}, unanswered=frozenset({"FT"}))
    with units.begin(ADMIN) as uow, pytest.raises(Invalid) as broken:
        publish_category(uow, "ECLA-03", note="Moins de questions", seen=seen, bearing=waits)
    assert broken.value.fields == {"content": "to_mend_first"}
    with units.reading() as session:
        assert draft_of(session, CATEGORY, "ECLA-03") is not None


def test_a_new_category_waits_for_what_it_lacks_then_may_be_chosen(units: Units) -> None:
    with units.begin(ADMIN) as uow:
        code = begin_category(uow, "ECLA", "Guirlande éteinte", "Festive lights off")
    assert code == "ECLA-05"
    with units.begin(ADMIN) as uow, pytest.raises(Invalid):
        publish_category(uow, code, note="Noël", seen=1, bearing=Bearing())
    with units.reading() as session:
        assert catalogue(session).category(code) is None
        content = working(session, CATEGORY, code, DAY).content
    handled = {
        **content,
        "handling": "Une équipe passe.",
        "handling_en": "A crew comes.",
        "synonyms": ["guirlande"],
    }
    _publish(units, code, _write(units, handled, seen=1))
    with units.reading() as session:
        assert [c.code for c in catalogue(session).in_domain("ECLA")][-1] == code


def test_on_its_day_a_category_leaves_its_new_demands_to_its_heir(units: Units) -> None:
    then = DAY + timedelta(days=10)
    was = _now(units, "ECLA-04")
    for heir, code in (("ECLA-04", "unknown"), ("ZZ", "unknown")):
        with pytest.raises(Invalid) as refused:
            _write(
                units,
                {**was, "retired_on": then.isoformat(), "replaced_by": heir},
                held=frozenset(RETIREMENT),
            )
        assert refused.value.fields == {"replaced_by": code}
    _publish(
        units, "ECLA-04", _write(units, {**was, "retired_on": then.isoformat(), "replaced_by": "ECLA-01"})
    )
    with units.reading() as session:
        before, after = (catalogue(session, day) for day in (then - timedelta(days=1), then))
    assert before.categories["ECLA-04"].is_active and before.in_use("ECLA-04") == before.categories["ECLA-04"]
    assert "ECLA-04" not in [c.code for c in after.in_domain("ECLA")]
    assert after.in_use("ECLA-04") == after.categories["ECLA-01"]
    lamp = _now(units, "ECLA-01")
    with pytest.raises(Invalid) as circle:
        _write(
            units, {**lamp, "retired_on": "2026-10-01", "replaced_by": "ECLA-04"}, held=frozenset(RETIREMENT)
        )
    assert circle.value.fields == {"replaced_by": "heir_retired"}


def test_files_loaded_again_leave_what_was_published_on_screen(units: Units) -> None:
    with units.begin(ADMIN) as uow:
        code = begin_category(uow, "ECLA", "Guirlande éteinte", "Festive lights off")
    content = {**_now(units, code), "handling": "Une équipe passe.", "handling_en": "A crew comes."}
    _publish(units, code, _write(units, content, seen=1))
    _publish(units, "ECLA-01", _write(units, {**_now(units), "label": "Lampadaire en panne"}))
    gas = _now(units, "GAZ", DANGER)
    with units.begin(ADMIN) as uow:
        publish_danger(
            uow, "GAZ", note="Mot", seen=write_danger(uow, {**gas, "words": ["mercaptan"]}, seen=0)
        )
    _write(units, {**_now(units, "ECLA-02"), "label": "Dans le noir"})
    with units.begin(SYSTEM) as uow:
        loaded = load_catalogue(uow, FOLDER)
        kept = catalogue(uow.session)
    assert loaded.kept == ("ECLA-01", "ECLA-05", "GAZ") and loaded.retired == 0
    assert kept.categories["ECLA-01"].label == "Lampadaire en panne" and kept.categories[code].is_active
    assert kept.categories["ECLA-02"] == delivered().categories["ECLA-02"]
    assert [danger.code for danger in dangers_in(kept, "une odeur de mercaptan")] == ["GAZ"]


def test_two_people_on_one_category_and_only_who_sets_up(units: Units) -> None:
    was = _now(units)
    _write(units, {**was, "label": "Lampe"})
    with pytest.raises(Conflict):
        _write(units, {**was, "label": "Lanterne"})
    advisor = Actor(kind="agent", id=2, roles=frozenset({"advisor"}))
    with units.begin(advisor) as uow, pytest.raises(NotAllowed):
        write_category(uow, was, seen=1)
    with units.reading() as session:
        assert [one.number for one in history_of(session, CATEGORY, "ECLA-01")] == [0]


def test_a_danger_without_any_word_is_refused(units: Units) -> None:
    gas = _now(units, "GAZ", DANGER)
    with units.begin(ADMIN) as uow, pytest.raises(Invalid) as refused:
        write_danger(uow, {**gas, "words": ["gaz", "!!!"], "call": "dix-huit", "say": ""}, seen=0)
    assert refused.value.fields == {"say": "required"}
    with units.begin(ADMIN) as uow, pytest.raises(Invalid) as met:
        write_danger(uow, {**gas, "words": ["gaz", "!!!"], "call": "dix-huit"}, seen=0)
    assert met.value.fields == {"words": "no_word", "call": "not_a_number_to_call"}


def test_a_draft_is_tried_on_what_was_said_of_late() -> None:
    past = [("la guirlande de Noël est éteinte", "ECLA-04"), ("un trou dans la route", "VOIR-01")]
    content = {**_content("ECLA-04"), "synonyms": ["guirlande", "guirlande de Noël"]}
    found = compare_proposals(delivered(), with_category(delivered(), content), past)
    assert (found.seen, found.otherwise, found.right_after - found.right_before) == (2, 1, 1)
    deaf = {**_danger("GAZ"), "words": [], "position": 2}
    rung = compare_rings(delivered(), with_danger(delivered(), deaf), "GAZ", [("ça sent le gaz", None)])
    assert (rung.rung_before, rung.rung_after) == (1, 0)


def _content(code: str) -> dict[str, Any]:
    return category_content(delivered().categories[code])


def _danger(code: str) -> dict[str, Any]:
    return danger_content(next(one for one in delivered().dangers if one.code == code))
