"""« STOP » is a message that says nothing else; a bus stop is a demand."""

from __future__ import annotations

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from crm.channels import sms_wish


@pytest.mark.parametrize(
    "text",
    ["STOP", "stop", " Stop. ", "ARRÊT", "« ARRET »", "Arrêtez SVP", "STOP SMS", "Stop merci", "stop 36180",
     "STOP au 36180", "Désinscription", "unsubscribe", "Arrêter les SMS", "Bonjour stop svp merci"],
)  # fmt: skip
def test_what_asks_for_no_more(text: str) -> None:
    assert sms_wish(text) == "stop"


@pytest.mark.parametrize("text", ["REPRENDRE", "Reprise svp", "start", "Reprenez les SMS"])
def test_what_asks_for_them_again(text: str) -> None:
    assert sms_wish(text) == "again"


@pytest.mark.parametrize(
    "text",
    ["Arrêt de bus cassé rue des Lilas", "Stop, ça suffit, le trou est toujours là", "panneau stop couché",
     "Merci", "", "…", "arrêt minute occupé", "non stop", "La reprise des travaux est pour quand ?",
     "Ne vous arrêtez pas"],
)  # fmt: skip
def test_what_a_person_must_read(text: str) -> None:
    assert sms_wish(text) == ""


@examples(st.text(alphabet="aeiourstlnm ", min_size=4, max_size=30))
def test_a_word_more_that_says_something_is_no_stop(more: str) -> None:
    said = f"stop lampadaire {more}"
    assert sms_wish(said) == ""
