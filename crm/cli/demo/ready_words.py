"""The words ready for calls that the demonstration begins with, published as an administrator would."""

from __future__ import annotations

import tomllib
from pathlib import Path

from crm.catalogue import catalogue
from crm.foundation import UnitOfWork
from crm.knowledge import Snippet, publish_snippet, write_snippet


def publish_ready_words(uow: UnitOfWork, file: Path) -> None:
    """For an empty database: they are told apart by their rank in the file."""
    known = catalogue(uow.session)
    for rank, told in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["words"], 1):
        about, code = told["about"], f"demo-{rank}"
        is_domain = known.domain(about) is not None
        snippet = Snippet(
            code=code,
            title=told["title"],
            words=told["says"].strip(),
            category_code="" if is_domain else about,
            domain_code=about if is_domain else "",
        )
        seen = write_snippet(uow, snippet, seen=0)
        publish_snippet(uow, code, note="Démonstration", seen=seen)
