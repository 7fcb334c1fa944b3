"""The words and the offer of outcomes: from their file, from a screen, never without French."""

from __future__ import annotations

from typing import Any

import pytest

from crm.cases import choosable
from crm.catalogue import (
    DANGER,
    OUTCOME,
    OUTCOMES,
    catalogue,
    dangers_in,
    load_catalogue,
    outcome_from,
    publish_danger,
    publish_outcome,
    told_about,
    with_outcome,
    working,
    write_danger,
    write_outcome,
)
from crm.catalogue.files import read_folder
from crm.foundation import SYSTEM, Actor, Conflict, FrozenClock, Invalid, NotFound, Units
from tests.catalogue.from_files import FOLDER, delivered

ADMIN = Actor(kind="agent", id=1, roles=frozenset({"config_admin"}))


def _now(units: Units, clock: FrozenClock, code: str, subject: str = OUTCOME) -> dict[str, Any]:
    with units.reading() as session:
        return dict(working(session, subject, code, clock.now().date()).content)


def _published(units: Units, content: dict[str, Any], seen: int = 0) -> None:
    with units.begin(ADMIN) as uow:
        seen = write_outcome(uow, content, seen=seen)
    with units.begin(ADMIN) as uow:
        publish_outcome(uow, content["code"], note="Dit par les agents", seen=seen)


def test_a_house_just_migrated_says_what_the_delivered_file_says(units: Units) -> None:
    with units.reading() as session:
        told = catalogue(session).outcomes
    assert told == delivered().outcomes
    assert {one.code for one in told} == set(OUTCOMES)


def test_a_published_sentence_is_told_and_a_load_of_files_leaves_it(units: Units, clock: FrozenClock) -> None:
    was = _now(units, clock, "NC")
    _published(units, {**was, "sentence": "Nous n’avons rien vu.", "followed": "", "sentence_en": ""})
    with units.begin(SYSTEM) as uow:
        loaded = load_catalogue(uow, FOLDER)
        known = catalogue(uow.session)
    assert loaded.kept == ("NC",)
    assert known.outcome_sentence("NC", "fr") == "Nous n’avons rien vu."
    assert known.outcome_sentence("NC", "en") == "Nous n’avons rien vu.", "French stands in, never nothing"
    assert known.outcome_sentence("NC", "fr", follower=True) == "Nous n’avons rien vu."
    assert known.outcome_sentence(None, "fr") == ""


@pytest.mark.parametrize("category", ["ECLA-01", None, "GONE-99"])
@pytest.mark.parametrize("outcome", ["NC", None])
def test_a_message_asks_once_for_its_category_and_its_end(
    units: Units, category: str | None, outcome: str | None
) -> None:
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, FOLDER)
        card, words = told_about(uow.session, category, outcome)
    assert (card.code if card else None) == (category if category == "ECLA-01" else None)
    assert words == delivered().outcome(outcome)


def test_who_follows_is_never_told_the_words_of_who_asked() -> None:
    refused = outcome_from({**_content("X"), "followed_en": ""})
    assert refused.told("en", follower=True) == "Cette demande est annulée."
    assert refused.told("en") == "Your request is cancelled, as you wished."


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"sentence": ""}, {"sentence": "outcome_says_nothing"}),
        ({"label": ""}, {"label": "outcome_says_nothing"}),
        ({"sentence": "…"}, {"sentence": "outcome_says_nothing"}),
        ({"sentence": "a" * 301}, {"sentence": "too_long"}),
        ({"sentence": "Fait : {report}"}, {"sentence": "hole_in_sentence"}),
        ({"label": "rien CONSTATE sur place"}, {"label": "outcome_label_taken"}),
        ({"followed": "", "followed_en": "Done."}, {"followed": "followed_in_english_alone"}),
        ({"position": "premier"}, {"position": "not_a_number"}),
    ],
)
def test_what_would_say_nothing_is_refused(
    units: Units, clock: FrozenClock, changed: dict[str, Any], wrong: dict[str, str]
) -> None:
    was = _now(units, clock, "F")
    with units.begin(ADMIN) as uow, pytest.raises(Invalid) as refused:
        write_outcome(uow, {**was, **changed}, seen=0)
    assert refused.value.fields == wrong


def test_the_list_is_closed_and_two_who_edit_meet(units: Units, clock: FrozenClock) -> None:
    was = _now(units, clock, "F")
    with units.begin(ADMIN) as uow, pytest.raises(NotFound):
        write_outcome(uow, {**was, "code": "Z"}, seen=0)
    with units.begin(ADMIN) as uow:
        write_outcome(uow, {**was, "label": "Réparé"}, seen=0)
    with units.begin(ADMIN) as uow, pytest.raises(Conflict):
        write_outcome(uow, {**was, "label": "Réglé"}, seen=0)


def test_what_is_offered_and_its_order_are_the_catalogues() -> None:
    lamp = delivered().categories["ECLA-01"]
    assert choosable(delivered(), None) == ["F", "I", "R", "NC"]
    assert choosable(delivered(), None, unanswered=True) == ["F", "I", "R", "NC", "A"]
    own = [code for code in lamp.outcomes if code not in {"FT", "X", "T", "D"}]
    assert choosable(delivered(), lamp)[: len(own)] == own
    then = with_outcome(delivered(), {**_content("PV"), "for_any": True, "position": 0})
    assert choosable(then, None) == ["PV", "F", "I", "R", "NC"]
    assert "NC" not in choosable(with_outcome(then, {**_content("NC"), "for_any": False}), None)
    secured = with_outcome(delivered(), {**_content("FT"), "for_any": True})
    assert "FT" not in choosable(secured, None), "another verb gives it"


def test_a_file_that_invents_an_outcome_or_says_nothing_is_refused(tmp_path: Any) -> None:
    told = (FOLDER / "outcomes.toml").read_text("utf-8")
    wrong = told.replace('code = "PV"', 'code = "F"').replace('code = "NC"', 'code = "ZZ"')
    wrong = wrong.replace('label = "Information donnée"', 'label = "fait"')
    (tmp_path / "outcomes.toml").write_text(wrong, "utf-8")
    with pytest.raises(Invalid) as refused:
        read_folder(tmp_path)
    assert {key.partition(" ")[2] for key in refused.value.fields} == {"F", "ZZ code", "fait"}


def test_a_retired_danger_rings_no_more_still_names_what_was_heard_and_comes_back(
    units: Units, clock: FrozenClock
) -> None:
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, FOLDER)
    gas, seen = _now(units, clock, "GAZ", DANGER), 0
    for is_active, rung in ((False, []), (True, ["GAZ"])):
        with units.begin(ADMIN) as uow:
            seen = write_danger(uow, {**gas, "is_active": is_active}, seen=seen)
        with units.begin(ADMIN) as uow:
            publish_danger(uow, "GAZ", note="À l’essai", seen=seen)
            known = catalogue(uow.session)
        seen += 1
        assert [one.code for one in dangers_in(known, "ça sent le gaz")] == rung
        named = known.danger("GAZ")
        assert named and named.label == "Fuite de gaz"


def test_a_danger_that_files_leave_out_is_retired_not_forgotten(units: Units, tmp_path: Any) -> None:
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, FOLDER)
    for file in FOLDER.glob("*.toml"):
        text = file.read_text("utf-8")
        if file.name == "dangers.toml":
            text = "\n[[danger]]".join(part for part in text.split("\n[[danger]]") if '"115"' not in part)
        (tmp_path / file.name).write_text(text.replace('"115"', '"17"'), "utf-8")
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, tmp_path)
        homeless = catalogue(uow.session).danger("115")
    assert homeless and not homeless.is_active and homeless.label == "Personne sans abri"


def _content(code: str) -> dict[str, Any]:
    one = delivered().outcome(code)
    assert one
    return {name: getattr(one, name) for name in type(one).__slots__}
