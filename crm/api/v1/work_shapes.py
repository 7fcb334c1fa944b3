"""Exchanges, facts and contacts as this door tells them; notes, replies and reports as it takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from crm.api.v1.shapes import AfterId, Asked, FileTokens, Given, Limit, Text, Told, Whole
from crm.cases import Outcome

_Q = Annotated[str, StringConstraints(min_length=2, max_length=200, pattern=r"^[^\x00]*$")]


class Interaction(Told):
    """One exchange about a demand: what came in, what goes out and how far it got, what is said inside."""

    id: int
    direction: Literal["in", "out", "internal"]
    channel: str
    kind: str
    subject: str
    body: str
    state: str
    occurred_at: datetime
    sent_at: datetime | None
    is_public: bool = Field(description="The resident reads it too.")


class InteractionPage(Told):
    items: list[Interaction]
    next: int | None


class Fact(Told):
    """Something that happened: codes and numbers, never a name or a text."""

    id: int
    at: datetime
    kind: str
    reference: str
    actor: str = Field(description="agent, resident, partner or system.")
    data: dict[str, Any]


class FactPage(Told):
    items: list[Fact]
    next: int | None


class Feed(Told):
    """Facts of all the demands within reach, oldest first."""

    items: list[Fact]
    next: int = Field(description="`after` of the next call, whether there was something or not.")


class AfterQuery(Asked):
    after: AfterId = 0
    limit: Limit = 50


class FactQuery(AfterQuery):
    public: Literal["true", "false"] = Field("false", description="Only what the resident is told.")


class NoteGiven(Given):
    """`note` stays inside; `reply` is read by the resident, who is told by their channel."""

    kind: Literal["note", "reply"]
    text: Annotated[Text, StringConstraints(min_length=1)]


class PlanGiven(Given):
    planned_on: date


class ReportGiven(Given):
    """What the unit did."""

    outcome: Outcome
    text: Annotated[Text, StringConstraints(min_length=1)]
    planned_on: date | None = Field(None, description="Compulsory for the outcome P.")
    photos: FileTokens
    no_photo: Text = Field("", description="Why there is none, where the category asks for one.")


class ContactQuery(Given):
    """A number, a name, an e-mail or an address; in the body, so that no log keeps it."""

    q: _Q
    limit: Annotated[Whole, Field(ge=1, le=20)] = 8


class ContactHit(Told):
    id: int
    display_name: str
    phone: str
    email: str
    postcode: str
    commune: str
    match: str
    certainty: str


class ContactHits(Told):
    items: list[ContactHit]


class Point(Told):
    kind: str
    value: str
    display: str
    is_shared: bool
    is_verified: bool


class Contact(Told):
    id: int
    kind: str
    display_name: str
    family_name: str
    first_name: str
    organization_name: str
    preferred_channel: str
    language: str
    created_at: datetime
    points: list[Point]
