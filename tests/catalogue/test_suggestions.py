"""From plain words to the right leaf, measured on sentences, and fast enough for each keystroke."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from crm.catalogue import CategoryIndex
from tests.catalogue.from_files import delivered
from tests.catalogue.sentences import FRESH, KNOWN, pairs

INDEX = CategoryIndex(delivered())


def _rates(table: str) -> tuple[float, float]:
    """Share of sentences whose leaf comes first, and among the first three."""
    ranks = [
        [s.code for s in INDEX.suggest(sentence)].index(code) if code in _codes(sentence) else 9
        for code, sentence in pairs(table)
    ]
    return sum(rank == 0 for rank in ranks) / len(ranks), sum(rank < 3 for rank in ranks) / len(ranks)


def _codes(sentence: str) -> list[str]:
    return [suggestion.code for suggestion in INDEX.suggest(sentence)]


@pytest.mark.parametrize(("code", "sentence"), pairs(KNOWN))
def test_a_caller_s_words_bring_the_right_leaf_among_the_first_three(code: str, sentence: str) -> None:
    assert code in _codes(sentence)[:3]


def test_sentences_the_catalogue_was_adjusted_to_come_first_nearly_always() -> None:
    first, among_three = _rates(KNOWN)
    assert first >= 0.95
    assert among_three == 1.0


def test_sentences_it_was_never_adjusted_to_still_do() -> None:
    first, among_three = _rates(FRESH)
    assert first >= 0.88
    assert among_three >= 0.95


def test_the_words_of_domain_example_lead_to_lighting() -> None:
    best = INDEX.suggest("lampadaire éteint depuis lundi devant la boulangerie")[0]
    assert (best.code, best.domain_label) == ("ECLA-01", "Éclairage public")
    assert 0 < best.score <= 1


@pytest.mark.parametrize("text", ["", "   ", "bonjour", "euh voilà merci", "12", "??? !", "zzzzqqq"])
def test_words_that_say_nothing_bring_nothing(text: str) -> None:
    assert INDEX.suggest(text) == []


@pytest.mark.parametrize(
    ("begun", "code"), [("lamp", "ECLA-01"), ("encombr", "DECH-03"), ("nid de p", "VOIR-01")]
)
def test_it_answers_while_the_word_is_being_typed(begun: str, code: str) -> None:
    assert code in _codes(begun)


def test_where_it_is_weighs_less_than_what_it_is() -> None:
    assert _codes("tag devant le cimetière")[0] == "PROP-04"
    assert _codes("nid de poule rue de la Fontaine")[0] == "VOIR-01"


def test_every_label_leads_to_its_own_leaf() -> None:
    for category in delivered().categories.values():
        assert _codes(category.label)[0] == category.code, category.label


def test_a_retired_leaf_is_not_offered() -> None:
    catalogue = delivered()
    gone = {code: c for code, c in catalogue.categories.items() if code != "ECLA-01"}
    index = CategoryIndex(replace(catalogue, categories=gone))
    assert "ECLA-01" not in [s.code for s in index.suggest("lampadaire éteint")]


def test_one_suggestion_takes_less_than_five_milliseconds_at_the_ninety_fifth_hundredth() -> None:
    sentences = [sentence for _, sentence in pairs(KNOWN) + pairs(FRESH)]
    taken = []  # processor time: what else the machine does is not ours to judge
    for sentence in [*sentences, " ".join(sentences)[:5000]]:
        start = time.thread_time()
        INDEX.suggest(sentence)
        taken.append(time.thread_time() - start)
    assert sorted(taken)[int(0.95 * len(taken))] < 0.005
