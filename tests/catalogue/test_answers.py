"""Answers are checked field by field; the most urgent of leaf, answers and dangers wins."""

from __future__ import annotations

import pytest

from crm.catalogue import check_answers, dangers_in, map_display_from, priority_from
from crm.foundation import Invalid
from tests.catalogue.from_files import delivered, leaf


def test_good_answers_are_kept_clean_and_blanks_left_out() -> None:
    given = {"stream": "household", "due_day": "2026-09-14", "out_in_time": "yes", "whole_street": "  "}
    assert check_answers(leaf("DECH-01").questions, given) == {
        "stream": "household",
        "due_day": "2026-09-14",
        "out_in_time": "yes",
    }


def test_numbers_are_read_as_the_french_write_them() -> None:
    kept = check_answers(leaf("EAU-04").questions, {"reading": "1 250,5"})
    assert kept == {"reading": "1250.5"}


def test_each_wrong_answer_is_named_with_its_reason() -> None:
    given = {"due_day": "14/09/2026", "out_in_time": "peut-être", "colour": "blue", "stream": "gold"}
    with pytest.raises(Invalid) as refused:
        check_answers(leaf("DECH-01").questions, given)
    assert refused.value.fields == {
        "due_day": "not_a_date",
        "out_in_time": "not_a_choice",
        "colour": "unknown",
        "stream": "not_a_choice",
    }


@pytest.mark.parametrize(
    ("code", "given", "reasons"),
    [
        ("DECH-01", {}, {"stream": "required"}),
        ("EAU-04", {"reading": "douze"}, {"reading": "not_a_number"}),
        ("EAU-04", {"reading": "1e999"}, {"reading": "not_a_number"}),
        ("EAU-04", {"reading": "٣"}, {"reading": "not_a_number"}),
        ("EAU-04", {"contract": "x" * 501}, {"contract": "too_long"}),
        ("DECH-01", {"stream": "glass", "due_day": "2026-02-30"}, {"due_day": "not_a_date"}),
    ],
)
def test_what_cannot_be_accepted_is_refused(
    code: str, given: dict[str, str], reasons: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        check_answers(leaf(code).questions, given)
    assert refused.value.fields == reasons


def test_a_leaf_alone_gives_its_own_priority() -> None:
    assert priority_from(leaf("ECLA-01"), {}) == (3, ("leaf:ECLA-01",))


@pytest.mark.parametrize(
    ("code", "answers", "priority"),
    [
        ("VOIR-01", {"cycle_lane": "yes"}, 2),
        ("VOIR-03", {"fall": "yes"}, 2),
        ("PROP-04", {"hateful": "yes"}, 2),
        ("PROP-05", {"what": "glass"}, 2),
        ("SIGN-02", {"sign": "stop"}, 1),
        ("SIGN-04", {"emergency_access": "yes"}, 1),
        ("ECLA-03", {"wires": "yes"}, 1),
        ("ASSA-02", {"raining": "yes"}, 1),
        ("EAU-04", {"leak_before_meter": "yes"}, 2),
        ("TRAN-03", {"aggressive": "yes"}, 1),
        ("MOBI-05", {"obstacle": "yes"}, 2),
        ("MOBU-01", {"sharp": "yes"}, 2),
        ("VERT-02", {"visibility": "yes"}, 2),
        ("VOIR-05", {"blocked": "yes"}, 2),
        ("VOIR-01", {"cycle_lane": "no"}, 3),
    ],
)
def test_an_answer_may_raise_the_urgency(code: str, answers: dict[str, str], priority: int) -> None:
    assert priority_from(leaf(code), answers)[0] == priority


def test_a_danger_outranks_leaf_and_answers_and_says_so() -> None:
    heard = dangers_in(delivered(), "des fils électriques pendent")
    assert priority_from(leaf("ECLA-01"), {"fault": "off"}, heard) == (1, ("danger:ELEC",))


def test_no_answer_ever_lowers_the_urgency_of_a_leaf() -> None:
    for category in delivered().categories.values():
        for question in category.questions:
            for change in question.raises:
                assert priority_from(category, {question.key: change.when})[0] <= category.priority


def test_hateful_words_and_private_ground_stay_off_the_public_map() -> None:
    assert map_display_from(leaf("PROP-04"), {"hateful": "yes"}) == "never"
    assert map_display_from(leaf("PROP-04"), {"hateful": "no"}) == "point"
    assert map_display_from(leaf("VERT-02"), {"owner": "private"}) == "never"
