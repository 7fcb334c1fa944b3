"""The shape of config/replies/*.toml, read whole: every mistake is named at once, with what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from crm.catalogue import Catalogue, told
from crm.foundation import Invalid
from crm.knowledge.checking import faults
from crm.knowledge.templates import MessageName, ReplyTemplate


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TemplateEntry(_Entry):
    outcome: str = ""
    category: str = ""
    domain: str = ""
    channel: Literal["", "email", "letter", "sms", "phone", "web"] = ""
    subject: str = ""
    body: str


class RepliesEntry(_Entry):
    message: MessageName
    language: Literal["", "en"] = ""  # of a file of translations
    template: list[TemplateEntry]


def read_folder(folder: Path, known: Catalogue) -> list[ReplyTemplate]:
    """Read every file of the folder.

    Raises:
        Invalid: names all mistakes at once, "file, use" to what must be done (French, for operators).
    """
    problems: dict[str, str] = {}
    read: dict[tuple[str, ...], ReplyTemplate] = {}
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise Invalid({str(folder): "aucun fichier .toml : indiquez le dossier des réponses types"})
    for path in paths:
        for template in _templates(path, problems):
            at = f"{path.name} {_spoken(template)}"
            wrong = list(faults(template, known))
            if template.use in read:
                wrong.append("deux textes pour le même usage : gardez-en un")
            if wrong:
                problems[at] = " ; ".join(wrong)
            read[template.use] = template
    if problems:
        raise Invalid(problems)
    return list(read.values())


def _templates(path: Path, problems: dict[str, str]) -> Iterator[ReplyTemplate]:
    raw: dict[str, Any] = {}
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        entry = RepliesEntry.model_validate(raw)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        problems[path.name] = f"n’est pas un fichier TOML en UTF-8 : {wrong}"
        return
    except ValidationError as wrong:
        problems.update(told(path.name, raw, wrong))
        return
    for template in entry.template:
        yield ReplyTemplate(
            message=entry.message,
            outcome=template.outcome,
            domain_code=template.domain,
            category_code=template.category,
            channel=template.channel,
            language=entry.language,
            subject=template.subject.strip(),
            body=template.body.strip(),
        )


def _spoken(template: ReplyTemplate) -> str:
    return " ".join(part for part in template.use if part)
