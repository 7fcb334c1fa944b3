"""Holes are filled with plain text and nothing else; the most specific text wins."""

from __future__ import annotations

import pytest

from crm.knowledge import ReplyTemplate, choose, choose_for_reader, example_values, fill
from crm.knowledge.templates import problems_in
from tests.knowledge.replies import replies


def _text(body: str = "", subject: str = "", **use: str) -> ReplyTemplate:
    return ReplyTemplate(message="answer", body=body, subject=subject, **use)


def test_a_filled_text_has_no_hole_left() -> None:
    for template in replies():
        filled = fill(template, example_values())
        assert not set("{}") & set(filled.subject + filled.body)
        assert filled.left_out == ()


def test_a_line_without_its_value_goes_and_is_reported() -> None:
    template = _text("Lieu : {place}\nRéponse avant le {due_date}.\n\n\nNuméro {reference}")
    filled = fill(template, {"place": " ", "reference": "2026-004217-63"})
    assert filled.body == "Numéro 2026-004217-63"
    assert filled.left_out == ("place", "due_date")


def test_a_value_is_text_even_when_it_looks_like_a_hole_or_a_format() -> None:
    tricky = "{reference} {0.__class__} %s ${x} {{y}} <b>"
    assert fill(_text("{report}"), {"report": tricky, "reference": "SECRET"}).body == tricky


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Bonjour {prenom}", "{prenom}"),
        ("{reference.__class__}", "accolade"),
        ("{reference!r}", "accolade"),
        ("{due_date:%d}", "accolade"),
        ("{0}", "accolade"),
        ("{", "accolade"),
        ("{{reference}}", "accolade"),
    ],
)
def test_anything_but_a_known_hole_is_refused_by_name(text: str, named: str) -> None:
    assert any(named in problem for problem in problems_in(text))


def test_a_subject_stays_on_one_line_whatever_it_is_given() -> None:
    sly = "rue des Lilas\r\nBcc: victime@exemple.test\x00\u2028fin"
    filled = fill(_text("x", "Demande {reference} {report}"), {"reference": "1", "report": sly})
    assert filled.subject == "Demande 1 rue des Lilas Bcc: victime@exemple.test fin"


@pytest.mark.parametrize(
    "sly",
    [
        "12 rue des Lilas http://evil.example/x",
        "12 rue des Lilas www.evil.test",
        "12 rue des Lilas HTTPS://EVIL.COM/login",
        "12 rue des Lilas evil.com/login",
        "12 rue des Lilas sous.evil.xyz?a=1",
    ],
)
def test_a_place_typed_by_a_stranger_carries_no_link(sly: str) -> None:
    assert fill(_text("Lieu : {place}"), {"place": sly}).body == "Lieu : 12 rue des Lilas"


def test_an_ordinary_place_is_left_as_it_is() -> None:
    for place in ("12 bis r.de l’Église, St.Jean", "ZAC Nord - bât. C", "n°3, place du 8-Mai-1945"):
        assert fill(_text("{place}"), {"place": place}).body == place


def test_the_most_specific_text_wins() -> None:
    # given
    texts = [
        _text("any"),
        _text("done", outcome="F"),
        _text("done in lighting", outcome="F", domain_code="ECLA"),
        _text("done, lamp", outcome="F", category_code="ECLA-01"),
        _text("done, short", outcome="F", channel="sms"),
        _text("any, short", channel="sms"),
    ]

    def chosen(outcome: str, category_code: str, channel: str) -> str:
        domain_code = category_code.split("-")[0]
        found = choose(
            texts,
            "answer",
            outcome=outcome,
            category_code=category_code,
            domain_code=domain_code,
            channel=channel,
        )
        return found.body if found else ""

    # then
    assert chosen("F", "ECLA-01", "email") == "done, lamp"
    assert chosen("F", "ECLA-02", "email") == "done in lighting"
    assert chosen("F", "VOIR-01", "email") == "done"
    assert chosen("R", "VOIR-01", "email") == "any"
    assert chosen("F", "ECLA-01", "sms") == "done, short"
    assert chosen("R", "ECLA-01", "sms") == "any, short"
    assert choose(texts, "delay") is None


def test_a_translation_is_of_the_french_that_leaves_or_of_a_more_general_one() -> None:
    # given: the French of ECLA-01 was taken back, and its translation left in force
    french = [_text("any"), _text("done", outcome="F"), _text("lamp", outcome="F", category_code="ECLA-02")]
    english = [
        _text("any, said", language="en"),
        _text("withdrawn, said", category_code="ECLA-01", language="en"),
        _text("short, said", channel="sms", language="en"),
        _text("in lighting, said", outcome="F", domain_code="ECLA", language="en"),
    ]

    def read(category_code: str, channel: str = "email", language: str = "en") -> list[str]:
        told = choose_for_reader(
            [*french, *english], "answer", language, outcome="F", category_code=category_code,
            domain_code="ECLA", channel=channel,
        )  # fmt: skip
        return [text.body for text in told]

    # then
    assert read("ECLA-01") == ["done", "any, said"]
    assert read("ECLA-02") == ["lamp", "in lighting, said"], "more general: it says less, never otherwise"
    assert read("ECLA-02", language="fr") == ["lamp"]
    assert read("ECLA-01", channel="sms") == ["done"], "a short one is not of that long text"
    assert choose_for_reader(english, "answer", "en") == []
