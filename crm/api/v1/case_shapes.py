"""Cases as this door tells them, and as it takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from crm.api.v1.shapes import After, Asked, Code, Given, Insee, Limit, Line, Moment, Text, Told
from crm.cases import CaseState, PublicStep

_ANSWERS = Literal["none", "email", "sms", "letter", "phone"]
Degrees = Annotated[float | None, Field(description="WGS 84.")]


class Inside(Told):
    """What only those within reach of the demand read."""

    state: CaseState
    priority: int
    channel: str
    object: str = Field(description="The resident's words.")
    answers: dict[str, str]
    place: str
    place_hint: str
    insee: str | None
    lon: Degrees
    lat: Degrees
    unit_code: str | None
    due_at: datetime
    planned_on: date | None
    outcome: str | None
    contact_id: int | None = Field(description="Null without the right to know usagers.")
    follower_count: int
    reopen_count: int
    verbs: list[str] = Field(description="What may be done from here, by this token.")


class Case(Told):
    """One demand. Without reach, `inside` is null: no words, no name, no exact place."""

    reference: str = Field(description="AAAA-NNNNNN-CC, as the resident quotes it.")
    status: Literal["open", "closed"]
    step: PublicStep = Field(description="Where it stands, for the resident.")
    step_words: str
    outcome_words: str | None = Field(description="How it ended; null while it is open.")
    category_code: str = Field(description="Empty while nobody has chosen one.")
    category: str
    unit: str | None = Field(description="The service in charge, by name.")
    received_at: datetime = Field(description="When the resident addressed us.")
    updated_at: datetime
    promised_at: datetime | None = Field(description="The date told first to the resident; it never changes.")
    lon: Degrees = Field(description="WGS 84, rounded to about a hundred metres.")
    lat: Degrees = Field(description="WGS 84, rounded to about a hundred metres.")
    version: int = Field(description="The number in its ETag.")
    inside: Inside | None


class CaseLine(Told):
    """One line of a list."""

    reference: str
    title: str
    category_code: str | None
    state: CaseState
    priority: int
    place: str
    insee: str | None
    unit_code: str | None
    due_at: datetime
    planned_on: date | None
    received_at: datetime


class CasePage(Told):
    items: list[CaseLine]
    next: str | None = Field(description="`after` of the page that follows; null on the last.")


class CaseFilters(Asked):
    """Open demands, unless `state` is an ended one."""

    state: CaseState | None = None
    unit: Code | None = Field(None, description="A service's code.")
    category: Code | None = Field(None, description="A category's code, or a domain's.")
    insee: Insee | None = None
    channel: Code | None = None
    priority: Annotated[int, Field(ge=1, le=4)] | None = None
    received_from: Moment | None = None
    received_until: Moment | None = Field(None, description="Left out itself.")
    late: Literal["true", "false"] = "false"
    q: Line | None = Field(None, description="Words of the demand or of its place.")
    sort: Literal["due", "received", "priority"] = "due"
    after: After | None = None
    limit: Limit = 50


class PlaceGiven(Given):
    """An address as written, or a point; a point says more."""

    text: Line = ""
    hint: Line = ""
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    insee: Insee | None = None


class ContactGiven(Given):
    family_name: Line = ""
    first_name: Line = ""
    organization_name: Line = ""
    phone: Line = ""
    email: Line = ""
    postal: list[Line] = Field(default_factory=list, max_length=7)
    language: Literal["fr", "en"] = "fr"


class CaseGiven(Given):
    """A demand to register."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "object": "Le lampadaire clignote.",
                    "category_code": "ECLA-01",
                    "place": {"text": "10 rue des Lilas", "insee": "99801"},
                }
            ]
        },
    )

    object: Text
    category_code: Code | None = None
    answers: dict[str, Line] = Field(default_factory=dict, max_length=50)
    place: PlaceGiven | None = None
    contact: ContactGiven | None = None
    answer_channel: _ANSWERS = "none"
    received_at: Moment | None = Field(None, description="When the usager addressed you, if not now.")
