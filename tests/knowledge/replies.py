"""The delivered reply templates, straight from their files."""

from __future__ import annotations

from functools import cache

from crm.foundation import ROOT
from crm.knowledge import ReplyTemplate
from crm.knowledge.files import read_folder
from tests.catalogue.from_files import delivered

FOLDER = ROOT / "config" / "replies"


@cache
def replies() -> tuple[ReplyTemplate, ...]:
    return tuple(read_folder(FOLDER, delivered()))


def name(template: ReplyTemplate) -> str:
    return " ".join(part for part in template.use if part)
