"""Settings that say how long: before a message leaves, a date is missed, something is forgotten."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Messages(Section):
    undo_seconds: int = 15  # how long what an agent writes waits before it leaves; 0: it leaves at once


class Promises(Section):
    """Before a date told to a usager is missed.

    Args:
        holding: `ask`: somebody is asked to tell them; `automatic`: the programme does.
        holding_days: how many working days the date is then put off.
        needs_answer_times: how many times the usual time to answer us, for those who said what they need.
        needs_acceptance_part: in what part of the usual time a service takes their demand in charge.
    """

    holding: Literal["ask", "automatic"] = "ask"
    holding_days: int = Field(default=5, ge=1, le=60)
    needs_answer_times: int = Field(default=2, ge=1, le=6)
    needs_acceptance_part: float = Field(default=0.5, gt=0, le=1)


class Sharing(Section):
    """A draft that a resident and an agent may both finish: how long its code, its link are good."""

    code_minutes: int = Field(default=30, ge=5, le=240)
    link_days: int = Field(default=7, ge=1, le=60)
    letter_days: int = Field(default=30, ge=5, le=120)


class Retention(Section):
    """How many days is kept what serves for a time only."""

    drafts_days: int = Field(default=30, ge=1)  # what an agent began, since they last touched it
    shared_drafts_days: int = Field(default=30, ge=1)  # that a draft was shared; its words go at once
    webhook_sendings_days: int = Field(default=90, ge=1)  # told, or given up
    api_answers_days: int = Field(default=30, ge=1)  # for how long an Idempotency-Key is remembered
    readings_days: int = Field(default=365, ge=30)  # who opened which sheet
    space_links_days: int = Field(default=7, ge=1)  # links and visits of residents' spaces, once over
