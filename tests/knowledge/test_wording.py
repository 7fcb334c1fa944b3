"""What residents read obeys the house's rules of writing: short, dated, polite, never a dead end."""

from __future__ import annotations

import re

import pytest

from crm.catalogue import OUTCOMES
from crm.channels import sms_parts, to_gsm7
from crm.knowledge import MESSAGES, ReplyTemplate, choose, fill, placeholders_in
from tests.catalogue.from_files import delivered
from tests.knowledge.replies import VALUES, name, replies

EVERY = pytest.mark.parametrize("template", replies(), ids=name)
FORBIDDEN = (
    "veuillez", "meilleurs délais", "client", "administré", "no-reply", "noreply", "ne pas répondre",
    "dysfonctionnement", "susmentionné", "à cet égard", "nonobstant", "prendre attache", "dans le cadre de",
    "il vous appartient", "nous accusons réception", "mécontentement",
)  # fmt: skip
MOST_WORDS = 20
ELSEWHERE = ("handover", "opinion_request", "work_request", "guest_reminder")  # for other bodies
TO_USAGERS = tuple(message for message in MESSAGES if message not in ELSEWHERE)
NEEDED = {
    "registration": {"reference", "object", "unit", "due_date", "centre_phone"},
    "acknowledgement": {"reference", "unit", "due_date", "centre_phone"},
    "question": {"reference", "question", "due_date", "unit", "centre_phone"},
    "answer": {"reference", "unit", "centre_phone"},
    "referral": {"reference", "organization", "today", "unit", "unit_phone", "centre_phone"},
    "handover": {"reference", "organization", "today", "words", "usager", "centre_phone", "guest_link"},
    "opinion_request": {"organization", "question", "due_date", "guest_link", "centre_phone"},
    "work_request": {"organization", "question", "due_date", "guest_link", "centre_phone"},
    "guest_reminder": {"organization", "due_date", "guest_link", "centre_phone"},
    "opinion_late": {"reference", "today", "due_date", "link", "centre_phone"},
    "reopened": {"reference", "unit", "due_date", "centre_phone"},
    "delay": {"reference", "due_date", "unit", "centre_phone"},
    "followed": {"reference", "due_date", "link", "centre_phone"},
    "follower_news": {"reference", "outcome_text", "today", "centre_phone"},
    "reply": {"reference", "today", "centre_phone"},
    "reach_changed": {"reference", "today", "centre_phone"},
    "reach_confirmation": {"reference", "today", "link", "centre_phone"},
    "space_link": {"today", "link", "centre_phone"},
    "continuation": {"due_date", "link", "centre_phone"},
    "sms_refused": {"today", "centre_phone"},
    "sms_accepted": {"today", "centre_phone"},
    "appointment": {"reference", "appointment_day", "appointment_hour", "appointment_link", "centre_phone"},
    "appointment_reminder": {"reference", "appointment_day", "appointment_place", "appointment_link"},
    "appointment_off": {"reference", "appointment_day", "appointment_hour", "centre_phone"},
}
OF_ONE_CHANNEL = {"space_link", "sms_refused", "sms_accepted"}
DATES = {"due_date", "today", "received_date", "appointment_day"}


def _sentences(text: str) -> list[str]:
    """Sentences and lines of what is filled in from real values, except what someone else wrote."""
    filled = re.sub(r"\{(\w+)\}", lambda hole: "x" if hole[1] != "centre_hours" else "x x", text)
    return [part.strip() for part in re.split(r"[.?!:]\s|\n", filled) if part.strip()]


@EVERY
def test_sentences_are_short(template: ReplyTemplate) -> None:
    long = [s for s in _sentences(f"{template.subject}\n{template.body}") if len(s.split()) > MOST_WORDS]
    assert long == []


@EVERY
def test_words_that_put_people_off_are_absent(template: ReplyTemplate) -> None:
    text = f"{template.subject} {template.body}".lower()
    assert [word for word in FORBIDDEN if word in text] == []


@EVERY
def test_each_message_says_which_demand_what_next_by_when_who_and_how_to_reach_a_person(
    template: ReplyTemplate,
) -> None:
    said = set(placeholders_in(template.body))
    assert NEEDED[template.message] - said == set()
    assert said & DATES, "a date, rather than “soon”"
    if template.message in TO_USAGERS:
        assert "mairie" in template.body, "a way that is not digital"


@EVERY
def test_texts_are_in_typographic_french_without_hand_made_narrow_spaces(template: ReplyTemplate) -> None:
    assert not set("'\u202f\u00a0\t") & set(template.subject + template.body)
    assert " tu " not in template.body and " te " not in template.body


@EVERY
def test_written_messages_can_be_answered_and_are_signed(template: ReplyTemplate) -> None:
    if template.channel in ("sms", "phone"):
        return
    assert "{agent}" in template.body
    assert "{centre_hours}" in template.body
    invited = ("pondez à ce message", "nous écrire", "pondez simplement")
    assert any(words in template.body for words in invited)


@EVERY
def test_an_sms_fits_in_two_parts_of_the_seven_bit_alphabet(template: ReplyTemplate) -> None:
    if template.channel == "sms":
        size = sms_parts(to_gsm7(fill(template, {**VALUES, "today": "18/09", "due_date": "22/09"}).body))
        assert (size.parts <= 2, size.encoding) == (True, "gsm7")


def test_a_registration_never_repeats_what_the_resident_wrote() -> None:
    for template in replies():
        if template.message == "registration":
            assert not {"report", "question", "advice"} & set(placeholders_in(template.body))


@pytest.mark.parametrize("channel", ["email", "letter", "sms", "phone", "web"])
@pytest.mark.parametrize("message", [one for one in TO_USAGERS if one not in OF_ONE_CHANNEL])
def test_whatever_is_to_be_said_a_text_is_ready_on_every_channel(message: str, channel: str) -> None:
    outcomes = [*OUTCOMES, ""] if message == "answer" else [""]
    for outcome in outcomes:
        found = choose(replies(), message, outcome=outcome, channel=channel)
        assert found is not None
        assert found.outcome == outcome
        assert (found.channel == "sms") == (channel == "sms"), "an SMS is written to be short"


def test_every_leaf_has_an_answer_for_each_of_its_outcomes() -> None:
    for leaf in delivered().categories.values():
        for outcome in leaf.outcomes:
            found = choose(
                replies(),
                "answer",
                outcome=outcome,
                category_code=leaf.code,
                domain_code=leaf.domain_code,
                channel="email",
            )
            assert found is not None and found.outcome == outcome


def test_a_refusal_gives_its_reason_an_alternative_and_the_ways_to_disagree() -> None:
    for template in replies():
        if template.message == "answer" and template.outcome == "R" and template.channel != "sms":
            assert {"report", "advice"} <= set(placeholders_in(template.body)), name(template)
            assert "médiateur" in template.body, name(template)


def test_nothing_found_invites_to_say_where() -> None:
    for template in replies():
        if template.message == "answer" and template.outcome == "NC" and template.channel != "sms":
            assert "nous repasserons" in template.body
