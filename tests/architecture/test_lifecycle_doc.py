"""The page on the lifecycle is the lifecycle."""

from __future__ import annotations

from crm.cases.lifecycle_doc import lifecycle_markdown
from crm.foundation import ROOT


def test_the_page_is_up_to_date() -> None:
    kept = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    told = "run: python -m crm.cases.lifecycle_doc > docs/lifecycle.md"
    assert kept == lifecycle_markdown(), told
