"""What residents read obeys the house's rules of writing: short, dated, polite, never a dead end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.catalogue import OUTCOMES
from crm.channels import sms_parts, to_gsm7
from crm.knowledge import (
    MESSAGES,
    NEEDED,
    PLACEHOLDERS,
    ReplyTemplate,
    choose,
    example_values,
    fill,
    placeholders_in,
    remarks,
)
from crm.knowledge.house_rules import ELSEWHERE, MOST_SMS
from tests.catalogue.from_files import delivered
from tests.knowledge.replies import name, replies

EVERY = pytest.mark.parametrize("template", replies(), ids=name)
TO_USAGERS = tuple(message for message in MESSAGES if message not in ELSEWHERE)
OF_ONE_CHANNEL = {"space_link", "sms_refused", "sms_accepted"}


@EVERY
def test_every_delivered_text_is_as_the_house_writes(template: ReplyTemplate) -> None:
    assert remarks(template) == []


def test_what_each_message_needs_is_written_down() -> None:
    assert set(NEEDED) == set(MESSAGES)
    assert set().union(*NEEDED.values()) <= PLACEHOLDERS
    assert set(example_values()) == PLACEHOLDERS, "a text is tried with a value in every hole"


def _good(**changed: str) -> ReplyTemplate:
    found = choose(
        replies(), "answer", outcome=changed.pop("outcome", "F"), channel=changed.pop("channel", "email")
    )
    assert found is not None
    body = found.body
    for old, new in changed.items():
        body = body.replace(_PARTS[old], new)
    return replace(found, body=body)


_PARTS = {
    "hello": "Bonjour,",
    "phone": "{centre_phone}",
    "counter": "mairie",
    "sign": "{agent}",
    "day": "{today}",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"hello": "Nous avons " + "bien " * 20 + "reçu."}, "long_sentence"),
        ({"hello": "Veuillez patienter."}, "cold_word"),
        ({"hello": "Si tu veux."}, "familiar"),
        ({"hello": "L'équipe passe."}, "by_hand"),
        ({"hello": "L’équipe passe\u202f!"}, "by_hand"),
        ({"phone": "numéro du centre"}, "missing_hole"),
        ({"sign": "Le service"}, "missing_hole"),
        ({"counter": "accueil"}, "no_counter"),
        ({"channel": "sms", "counter": "mairie, " + "ou appelez-nous quand vous voulez. " * 9}, "sms_long"),
        ({"channel": "sms", "counter": "mairie 🙂"}, "sms_marks"),
    ],
)
def test_what_is_not_as_the_house_writes_is_told(changed: dict[str, str], said: str) -> None:
    assert [one.code for one in remarks(_good(**changed))] == [said]


def test_a_text_without_a_day_or_an_answer_is_told() -> None:
    bare = ReplyTemplate(message="reply", subject="Bonjour", body="Mairie. {reference} {centre_phone}")
    assert {one.code for one in remarks(bare)} >= {"no_date", "no_counter", "no_invitation", "missing_hole"}


def test_a_refusal_and_nothing_found_say_what_comes_next() -> None:
    said = {
        outcome: {one.code for one in remarks(replace(_good(), outcome=outcome))} for outcome in ("R", "NC")
    }
    assert said == {"R": {"missing_hole", "no_appeal"}, "NC": {"no_return"}}


def test_a_registration_never_repeats_what_somebody_wrote() -> None:
    found = choose(replies(), "registration", channel="email")
    assert found is not None
    told = remarks(replace(found, body=f"{found.body}\n{{report}}"))
    assert [(one.code, one.shown) for one in told] == [("echo", "report")]


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


@pytest.mark.parametrize("message", TO_USAGERS)
def test_whatever_is_said_to_usagers_is_said_in_english_too(message: str) -> None:
    french = [text for text in replies() if text.message == message and not text.language]
    for way in {"sms" if text.channel == "sms" else "email" for text in french}:
        assert choose(replies(), message, channel=way, language="en") is not None, (message, way)


def test_where_the_french_names_the_cada_the_english_does() -> None:
    for text in replies():
        if not text.language and text.category_code and "CADA" in text.body:
            beside = choose(
                replies(), text.message, outcome=text.outcome, category_code=text.category_code, language="en"
            )
            assert beside is not None and "CADA" in beside.body, text.use


# A line goes with what it lacks: no category yet, no unit, no telephone there, a day that is past.
MAY_LACK = {"object", "place", "unit", "unit_phone", "organization", "due_date", "safe_date", "outcome_text"}
OF_SMS = [text for text in replies() if text.channel == "sms"]


@pytest.mark.parametrize("template", OF_SMS, ids=name)
def test_an_sms_names_its_demand_whatever_else_is_unknown(template: ReplyTemplate) -> None:
    named = [line for line in template.body.splitlines() if "{reference}" in line]
    always = template.message in {"acknowledgement", "reopened"}  # they wait for a unit and a date
    assert always or not named or any(not MAY_LACK & set(placeholders_in(line)) for line in named)


@pytest.mark.parametrize("template", [text for text in OF_SMS if text.outcome], ids=name)
def test_an_sms_tells_the_sentence_of_its_outcome_in_two_sms_at_most(template: ReplyTemplate) -> None:
    """That of « information donnée » announces words which an SMS has no room for."""
    if template.outcome == "I":
        assert "{outcome_text}" not in template.body
        return
    sentence = delivered().outcome_sentence(template.outcome, template.language or "fr")
    values = {**example_values(channel="sms", language=template.language), "outcome_text": sentence}
    said = to_gsm7(fill(template, values).body)
    assert to_gsm7(sentence) in said and sms_parts(said).parts <= MOST_SMS
