"""What fills a hole, said when its language and its channel are known. Pure.

A value that is plain text is the same in every language: a number, a name, a link, what somebody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from crm.catalogue import OutcomeWords
from crm.foundation import PARIS
from crm.notifications.wording import NEWS, hour_in_words, in_figures, in_words


class Value(Protocol):
    def said(self, language: str, way: str) -> str: ...


Values = Mapping[str, str | Value]


@dataclass(frozen=True, slots=True)
class Day:
    """A day in words, in figures in an SMS; with its hour where the day alone would promise nothing."""

    moment: datetime
    with_hour: bool = False

    def said(self, language: str, way: str) -> str:
        day = (in_figures if way == "sms" else in_words)(self.moment, language)
        return f"{day}, {hour_in_words(self.moment, language)}" if self.with_hour else day


@dataclass(frozen=True, slots=True)
class Hour:
    moment: datetime

    def said(self, language: str, way: str) -> str:
        return hour_in_words(self.moment, language)


@dataclass(frozen=True, slots=True)
class Words:
    """Ready words of ours. Without English, the French stands."""

    french: str
    english: str = ""

    def said(self, language: str, way: str) -> str:
        return (self.english if language == "en" else "") or self.french


@dataclass(frozen=True, slots=True)
class Ending:
    """How a demand ended, in the catalogue's words, to who made it or to who follows it."""

    words: OutcomeWords | None
    to_follower: bool = False

    def said(self, language: str, way: str) -> str:
        return self.words.told(language, follower=self.to_follower) if self.words else ""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a demand that is followed. `body`: to whom it was passed, with their contact."""

    kind: str
    day: Day
    body: str = ""

    def said(self, language: str, way: str) -> str:
        words = NEWS[language].get(self.kind, "")
        return words % {"day": self.day.said(language, way), "body": self.body} if words else ""


def noon(day: date) -> Day:
    """A day of the calendar, whatever the hour."""
    return Day(datetime.combine(day, time(12), tzinfo=PARIS))


def say(values: Values, language: str, way: str) -> dict[str, str]:
    return {
        hole: value if isinstance(value, str) else value.said(language, way) for hole, value in values.items()
    }
