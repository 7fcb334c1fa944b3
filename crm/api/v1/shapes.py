"""What every model of this door shares: nothing unknown comes in, moments carry their offset."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from crm.foundation import PARIS

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_NO_NUL = r"^[^\x00]*$"


def _written_out(value: Any) -> Any:
    """Neither seconds since 1970 nor a day alone: a moment, with its offset."""
    if isinstance(value, str) and not _RFC3339.fullmatch(value):
        raise ValueError("a moment such as 2026-09-15T08:00:00Z")
    return value


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 9.0 is 9."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=300, pattern=_NO_NUL)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Insee = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9AB][0-9]{3}$")]
After = Annotated[
    str,
    StringConstraints(pattern=r"^([0-9]-)?[0-9]{1,17}-[0-9]{1,18}$"),
    Field(description="Where the page before ended: its `next`."),
]
AfterId = Annotated[int, Field(ge=0, le=9_007_199_254_740_991, description="After this id.")]
Limit = Annotated[int, Field(ge=1, le=100)]
FileToken = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{32}$")]
FileTokens = Annotated[
    list[FileToken], Field(default_factory=list, max_length=10, description="Of photos sent before.")
]


class Asked(BaseModel):
    """A query: texts as an address carries them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Literal["fr", "en"] = "fr"


class Given(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Told(BaseModel):
    """An answer; its description is what is sent, no more and no less."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Photo(Told):
    """A photo that waits for the report that names it: two days at most."""

    token: str


class Problem(Told):
    """RFC 9457. `fields` names each wrong one with the code of its reason."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Problem")

    type: str
    title: str
    status: int
    fields: dict[str, str] = Field(default_factory=dict)


def said(moment: datetime) -> datetime:
    """In Paris time, with its offset."""
    return moment.astimezone(PARIS)
