"""What each thing of the catalogue holds, as files write it and as its versions keep it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Sentence = Annotated[str, Field(min_length=1, max_length=300)]  # it may have to fit in an SMS
Priority = Annotated[int, Field(ge=1, le=4)]


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ChoiceEntry(Entry):
    value: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    label: Text
    label_en: Text


class RaiseEntry(Entry):
    when: Text
    priority: Priority | None = None
    map: Literal["never"] | None = None


class StopEntry(Entry):
    when: Text
    say: Text
    say_en: Text


class QuestionEntry(Entry):
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Text
    label_en: Text
    kind: Literal["text", "number", "yesno", "choice", "date"]
    choices: list[ChoiceEntry] = []
    is_required: bool = False
    raises: list[RaiseEntry] = []
    stops: list[StopEntry] = []


class CategoryEntry(Entry):
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,5}-\d{2}$")]
    label: Text
    label_en: Text
    synonyms: list[Text]
    place: Literal["exact", "street", "home", "none"]
    priority: Priority
    delay_days: Annotated[int, Field(ge=1, le=1000)]
    delay_unit: Literal["working_day", "month"] = "working_day"
    dangers: list[Text] = []
    outcomes: Annotated[list[Text], Field(min_length=1)]
    decision_regime: Literal["none", "implicit_rejection", "implicit_acceptance"] = "none"
    decision_months: Annotated[int, Field(ge=0, le=24)] = 0
    map_display: Literal["point", "segment", "never"]
    identity_level: Annotated[int, Field(ge=0, le=3)]
    evidence: bool = False
    handling: Text
    handling_en: Text
    question: list[QuestionEntry] = []


class RankedCategory(CategoryEntry):
    """As a version keeps it; in a file, its place says its rank."""

    position: Annotated[int, Field(ge=1, le=1000)]


class DomainEntry(Entry):
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    label: Text
    label_en: Text
    position: int
    category: list[CategoryEntry]


class DangerEntry(Entry):
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,4}$")]
    label: Name
    label_en: Name
    call: str
    raises_to: Priority
    words: list[Text]
    unless: list[Text] = []
    say: Text
    say_en: Text


class DangersEntry(Entry):
    danger: list[DangerEntry]


class OutcomeEntry(Entry):
    """French is never missing; what has no English is said in French."""

    code: Text
    label: Name
    label_en: Annotated[str, Field(max_length=60)] = ""
    sentence: Sentence
    sentence_en: Annotated[str, Field(max_length=300)] = ""
    followed: Annotated[str, Field(max_length=300)] = ""
    followed_en: Annotated[str, Field(max_length=300)] = ""
    for_any: bool = False


class RankedOutcome(OutcomeEntry):
    """As a version keeps it; in the file, its place says its rank."""

    position: Annotated[int, Field(ge=1, le=1000)]


class OutcomesEntry(Entry):
    outcome: list[OutcomeEntry]
