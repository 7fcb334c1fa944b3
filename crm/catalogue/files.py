"""The shape of config/catalogue/*.toml, read whole: every mistake is named at once, with what to do."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crm.catalogue.mistakes import told
from crm.catalogue.shapes import OUTCOMES
from crm.foundation import Invalid

_DANGERS_FILE = "dangers.toml"
Text = Annotated[str, Field(min_length=1)]
Priority = Annotated[int, Field(ge=1, le=4)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ChoiceEntry(_Entry):
    value: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    label: Text
    label_en: Text


class RaiseEntry(_Entry):
    when: Text
    priority: Priority | None = None
    map: Literal["never"] | None = None


class StopEntry(_Entry):
    when: Text
    say: Text
    say_en: Text


class QuestionEntry(_Entry):
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Text
    label_en: Text
    kind: Literal["text", "number", "yesno", "choice", "date"]
    choices: list[ChoiceEntry] = []
    is_required: bool = False
    raises: list[RaiseEntry] = []
    stops: list[StopEntry] = []


class CategoryEntry(_Entry):
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,5}-\d{2}$")]
    label: Text
    label_en: Text
    synonyms: list[Text]
    place: Literal["exact", "street", "home", "none"]
    priority: Priority
    delay_days: Annotated[int, Field(ge=1)]
    delay_unit: Literal["working_day", "month"] = "working_day"
    dangers: list[Text] = []
    outcomes: Annotated[list[Text], Field(min_length=1)]
    decision_regime: Literal["none", "implicit_rejection", "implicit_acceptance"] = "none"
    decision_months: Annotated[int, Field(ge=0)] = 0
    map_display: Literal["point", "segment", "never"]
    identity_level: Annotated[int, Field(ge=0, le=3)]
    evidence: bool = False
    handling: Text
    handling_en: Text
    question: list[QuestionEntry] = []


class DomainEntry(_Entry):
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    label: Text
    label_en: Text
    position: int
    category: list[CategoryEntry]


class DangerEntry(_Entry):
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,4}$")]
    call: str
    raises_to: Priority
    words: list[Text]
    unless: list[Text] = []
    say: Text
    say_en: Text


class DangersEntry(_Entry):
    danger: list[DangerEntry]


@dataclass(slots=True)
class CatalogueFiles:
    domains: list[DomainEntry] = field(default_factory=list)
    dangers: list[DangerEntry] = field(default_factory=list)


def read_folder(folder: Path) -> CatalogueFiles:
    """Read every file of the folder.

    Raises:
        Invalid: names all mistakes at once, "file code key" to what must be done (French, for operators).
    """
    files, problems = CatalogueFiles(), dict[str, str]()
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise Invalid({str(folder): "aucun fichier .toml : indiquez le dossier du catalogue"})
    for path in paths:
        if path.name == _DANGERS_FILE:
            read = _parse(path, DangersEntry, problems)
            files.dangers = read.danger if read else []
        elif domain := _parse(path, DomainEntry, problems):
            files.domains.append(domain)
            problems.update(_disagreements(path.name, domain))
    problems.update(_across(files))
    if problems:
        raise Invalid(problems)
    files.domains.sort(key=lambda domain: domain.position)
    return files


Model = TypeVar("Model", bound=_Entry)


def _parse(path: Path, shape: type[Model], problems: dict[str, str]) -> Model | None:
    raw: dict[str, Any] = {}
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return shape.model_validate(raw)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        problems[path.name] = f"n’est pas un fichier TOML en UTF-8 : {wrong}"
    except ValidationError as wrong:
        problems.update(told(path.name, raw, wrong))
    return None


def _disagreements(name: str, domain: DomainEntry) -> Iterator[tuple[str, str]]:
    """What each value allows and their meeting forbids."""
    for category in domain.category:
        at = f"{name} {category.code}"
        if not category.code.startswith(f"{domain.code}-"):
            yield f"{at} code", f"doit commencer par {domain.code}-"
        if (category.decision_regime == "none") != (category.decision_months == 0):
            yield f"{at} decision_months", "0 sans régime de décision, 1 ou plus avec un régime"
        if category.place == "none" and category.map_display != "never":
            yield f"{at} map_display", "sans lieu, seul « never » est possible"
        for unknown in sorted(set(category.outcomes) - set(OUTCOMES)):
            yield f"{at} outcomes", f"{unknown} n’existe pas ; issues connues : {', '.join(OUTCOMES)}"
        for key in _repeated(question.key for question in category.question):
            yield f"{at} {key}", "cette question est écrite deux fois : gardez-en une"
        for question in category.question:
            yield from _question_disagreements(at, question)


def _question_disagreements(at: str, question: QuestionEntry) -> Iterator[tuple[str, str]]:
    values = {"yes", "no"} if question.kind == "yesno" else {choice.value for choice in question.choices}
    if (question.kind == "choice") != bool(question.choices):
        yield f"{at} {question.key} choices", "des choix pour le genre « choice », aucun pour les autres"
    for key in _repeated(choice.value for choice in question.choices):
        yield f"{at} {question.key} choices", f"le choix {key} est écrit deux fois : gardez-en un"
    for change in question.raises:
        if change.when not in values:
            yield f"{at} {question.key} raises", f"« {change.when} » n’est pas une réponse possible"
    for stop in question.stops:
        if stop.when not in values:
            yield f"{at} {question.key} stops", f"« {stop.when} » n’est pas une réponse possible"


def _across(files: CatalogueFiles) -> Iterator[tuple[str, str]]:
    known = {danger.code for danger in files.dangers}
    for code in _repeated(domain.code for domain in files.domains):
        yield f"{code} code", "deux fichiers portent ce domaine : gardez-en un"
    for code in _repeated(c.code for domain in files.domains for c in domain.category):
        yield f"{code} code", "cette catégorie est écrite deux fois : gardez-en une"
    for code in _repeated(danger.code for danger in files.dangers):
        yield f"{_DANGERS_FILE} {code}", "ce danger est écrit deux fois : gardez-en un"
    for domain in files.domains:
        for category in domain.category:
            for unknown in sorted(set(category.dangers) - known):
                yield f"{category.code} dangers", f"{unknown} manque dans {_DANGERS_FILE} : ajoutez-le"


def _repeated(codes: Iterator[str]) -> list[str]:
    return [code for code, times in Counter(codes).items() if times > 1]
