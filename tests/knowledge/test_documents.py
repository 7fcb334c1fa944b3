"""A document asked for: one month of silence refuses, and the CADA is seized before the court (REL-03)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.knowledge import (
    ACKNOWLEDGEMENT,
    REGISTRATION,
    choose,
    example_values,
    fill,
    lacking_mentions,
    missing_in,
)
from tests.knowledge.replies import replies

CODE, REGIME, MONTHS = "REL-03", "implicit_rejection", 1
_VALUES = example_values(REGIME)


@pytest.mark.parametrize("channel", ["email", "letter"])
@pytest.mark.parametrize("message", [REGISTRATION, ACKNOWLEDGEMENT])
def test_the_receipt_names_the_cada_its_delay_its_address_and_that_it_comes_first(
    message: str, channel: str
) -> None:
    chosen = choose(replies(), message, category_code=CODE, domain_code="REL", channel=channel)
    assert chosen is not None
    text = fill(chosen, _VALUES).body
    for said in (
        "considérée comme refusée",
        "deux mois",
        "(CADA)",
        "TSA 50730, 75334 Paris Cedex 07",
        "CNIL",
    ):
        assert said in text
    assert text.index("CADA") < text.index("obligatoire avant de saisir le tribunal administratif")
    assert "un nouvel examen" not in text, "the general routes are not those of a document"
    assert missing_in(text, _VALUES, REGIME, MONTHS) == ()


def test_a_text_that_sends_straight_to_the_court_is_refused_and_opens_no_delay() -> None:
    chosen = choose(replies(), ACKNOWLEDGEMENT, category_code=CODE, domain_code="REL", channel="email")
    general = choose(replies(), ACKNOWLEDGEMENT, category_code="REL-01", domain_code="REL", channel="email")
    assert chosen is not None and general is not None
    assert list(lacking_mentions(chosen, REGIME, MONTHS)) == []
    wrong = replace(general, category_code=CODE)
    assert any("CADA" in said for said in lacking_mentions(wrong, REGIME, MONTHS))
    assert missing_in(fill(wrong, _VALUES).body, _VALUES, REGIME, MONTHS) == ("appeal",)
    assert missing_in(fill(wrong, _VALUES).body, _VALUES, REGIME, months=2) == ()


def test_a_refusal_of_a_document_names_the_cada() -> None:
    chosen = choose(replies(), "answer", outcome="R", category_code=CODE, domain_code="REL", channel="email")
    assert chosen is not None and chosen.category_code == CODE
    assert chosen.body.index("CADA") < chosen.body.index("tribunal administratif")
