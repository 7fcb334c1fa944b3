"""Work orders as this door tells them, and what it takes of whoever does them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from crm.api.v1.shapes import Asked, FileTokens, Given, Limit, Line, Text, Told
from crm.cases import Outcome

_AfterOrder = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,7}-[0-9]{1,18}$"),
    Field(description="Where the page before ended: its `next`."),
]
_Needed = Annotated[Text, StringConstraints(min_length=1)]


class Order(Told):
    """What one unit owes to a demand. Its ETag is its `version`, not the demand's."""

    reference: str
    number: int = Field(description="Within its demand, from 1.")
    state: str = Field(description="asked, accepted, planned, done, sent_back or withdrawn.")
    unit_code: str | None
    work: str = Field(description="What is to be done, in the words of whoever asked.")
    category_code: str | None
    priority: int
    object: str
    place: str
    place_hint: str
    insee: str | None
    lon: float | None
    lat: float | None
    due_on: date
    is_late: bool
    planned_on: date | None
    slot: str
    crew: str
    asked_at: datetime
    made_safe_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    ended_with: str = Field(description="What was done, or why not.")
    asks_photo: bool = Field(description="Done is proved by a photo, or by the reason why there is none.")
    version: int
    verbs: list[str] = Field(description="What this token may do now.")


class OrderPage(Told):
    items: list[Order]
    next: str | None


class OrderFilters(Asked):
    view: Literal["all", "to_take", "to_plan", "planned", "late"] = "all"
    after: _AfterOrder | None = None
    limit: Limit = 50


class OrderPlanGiven(Given):
    planned_on: date
    slot: Literal["", "morning", "afternoon", "night"] = Field("", description="Empty: the whole day.")
    crew: Annotated[Line, StringConstraints(max_length=80)] = ""


class SecuredGiven(Given):
    """The danger is away; the final works are still to come."""

    planned_on: date = Field(description="Of the final works.")
    text: Text = ""
    photos: FileTokens


class OrderReportGiven(Given):
    """What the unit did."""

    outcome: Outcome = Field(description="F, NC or PV.")
    text: _Needed
    photos: FileTokens
    no_photo: Text = Field("", description="Why there is none, where the category asks for one.")


class SentBackGiven(Given):
    reason: Literal["wrong_unit", "wrong_place", "duplicate", "not_enough"]
    motive: _Needed
