"""Words ready for calls: which serve a demand; the ones of the demonstration may be read aloud."""

from __future__ import annotations

from datetime import date, timedelta

from crm.catalogue import load_catalogue
from crm.cli.demo.ready_words import publish_ready_words
from crm.foundation import ROOT, SYSTEM, Units
from crm.knowledge import Snippet, serving, snippets, wording_remarks
from tests.catalogue.from_files import FOLDER as CATALOGUE

DAY = date(2026, 9, 15)


def _said(title: str, **about: object) -> Snippet:
    return Snippet(code=title, title=title, words="Bonjour.", **about)  # type: ignore[arg-type]


def test_the_closest_words_come_first_and_end_after_their_last_day() -> None:
    held = [
        _said("any"),
        _said("domain", domain_code="ECLA"),
        _said("own", category_code="ECLA-01"),
        _said("other", category_code="ECLA-02"),
        _said("elsewhere", domain_code="VOIR"),
        _said("last day", category_code="ECLA-01", until=DAY),
        _said("over", until=DAY - timedelta(days=1)),
    ]
    found = [one.title for one in serving(held, "ECLA-01", "ECLA", DAY)]
    assert found == ["last day", "own", "domain", "any"]


def test_the_demonstration_begins_with_words_that_the_house_would_write(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, CATALOGUE)
        publish_ready_words(uow, ROOT / "config" / "demo" / "ready_words.toml")
    with units.reading() as session:
        held = snippets(session)
    assert len(held) > 3
    assert [(one.title, remark) for one in held for remark in wording_remarks(one.words)] == []
