"""What those who follow a demand are told, each by their own channel and with their own link.

Nothing of who asked first is in it: the category's label, a street of our territory, and what an agent wrote
for all of them. One text a channel and language serves everybody; only the link differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet, Follower
from crm.catalogue import told_about
from crm.contacts import ContactCard, contact_cards, declines
from crm.foundation import PARIS
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.notifications.filling import Draft, text_for
from crm.notifications.reaching import BY_ITSELF, by_itself, reachable
from crm.notifications.restrained import may_leave
from crm.notifications.saying import Day, Ending, Step, Value, Values, noon

_TOKEN = "Xx0-link-of-the-follower-here-xX"  # noqa: S105  # as long as a real one: an SMS counts its letters
_WORTH_A_CALL = frozenset({"closed", "cancelled", "referred", "over"})


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened.

    Args:
        kind: planned, secured, delayed, closed, reopened, cancelled, referred, returned, or over: of an
            incident.
        day: of the works, when they are dated.
        body: to whom it was passed, with their contact.
        report: what an agent wrote for all who follow.
    """

    kind: str
    day: date | None = None
    outcome: str | None = None
    report: str = ""
    body: str = ""


def compose_joined(
    session: Session, centre: Centre, case: CaseSheet, people: Sequence[Follower], now: datetime
) -> Iterator[Message]:
    """« Votre signalement rejoint la demande… », with where it stands. Who calls was told aloud."""
    if not may_leave(case, "followed"):
        return
    desk = _Desk(session, centre, case, "followed", now)
    for follower, card in _people(session, people):
        if follower.answer_channel in BY_ITSELF and (message := desk.message(follower, card)):
            yield message


def compose_news(
    session: Session, centre: Centre, case: CaseSheet, people: Sequence[Follower], news: News, now: datetime
) -> Iterator[Message]:
    """A call is only asked of somebody for what ends the matter."""
    if not may_leave(case, "follower_news"):
        return
    ways = BY_ITSELF | {"phone"} if news.kind in _WORTH_A_CALL else BY_ITSELF
    desk = _Desk(session, centre, case, "follower_news", now, news)
    told = {case.contact_id}  # since two sheets were found to be one: nobody is told the same twice
    for follower, card in _people(session, people):
        if card.id in told or declines(card, "follower_news"):
            continue
        told.add(card.id)
        if follower.answer_channel in ways and (message := desk.message(follower, card, ways - BY_ITSELF)):
            yield message


@dataclass(frozen=True, slots=True)
class Told:
    """What all those of one channel would read, a translation when each has it; without their own link."""

    channel: str
    how_many: int
    subject: str
    body: str


def told_of(
    session: Session, centre: Centre, case: CaseSheet, people: Sequence[Follower], news: News, now: datetime
) -> list[Told]:
    """The words before they are sent, the channel of most people first."""
    by_channel: dict[str, list[Message]] = {}
    tokens = {one.id: one.token for one in people}
    for message in compose_news(session, centre, case, people, news, now):
        by_channel.setdefault(message.channel, []).append(message)
    found = []
    for channel, some in by_channel.items():
        one = min(some, key=lambda message: len(message.body))  # the French alone, where somebody reads it so
        body = one.body.replace(tokens[one.watcher_id or 0], "…")
        found.append(Told(channel, len(some), one.subject, body))
    return sorted(found, key=lambda told: -told.how_many)


def _people(session: Session, people: Sequence[Follower]) -> Iterator[tuple[Follower, ContactCard]]:
    cards = contact_cards(session, [one.contact_id for one in people if one.contact_id is not None])
    return ((one, cards[one.contact_id]) for one in people if one.contact_id in cards)


@dataclass(slots=True)
class _Desk:
    """Writes a text once a channel and language."""

    session: Session
    centre: Centre
    case: CaseSheet
    kind: str
    now: datetime
    news: News | None = None
    texts: dict[tuple[str, str], Draft] = field(default_factory=dict)

    def message(
        self, follower: Follower, card: ContactCard, besides: frozenset[str] = frozenset()
    ) -> Message | None:
        ways = by_itself(follower, card) | besides
        way, recipient = reachable(card, follower.answer_channel, among=ways)
        if way not in ways:
            return None
        asked = way, card.language
        text = self.texts.get(asked) or self.texts.setdefault(asked, self._text(*asked))
        if not text.body:
            return None
        return Message(
            kind=self.kind,
            channel=way,
            recipient=recipient,
            subject=text.subject,
            body=text.body.replace(_TOKEN, follower.token),
            contact_id=follower.contact_id,
            watcher_id=follower.id,
            is_public=False,
        )

    def _text(self, way: str, language: str) -> Draft:
        due = self.case.due_at if self.case.closed_at is None and self.case.due_at > self.now else None
        extra: Values = {
            "today": Day(self.now),
            "due_date": Day(due) if due else "",
            "outcome_text": self._news(),
            "report": self.news.report if self.news else "",
        }
        told = replace(self.case, public_token=_TOKEN, outcome=None)
        return text_for(self.session, self.centre, told, self.kind, way, extra, language=language)

    def _news(self) -> Value:
        news = self.news or _standing(self.case, self.now)
        if news.kind == "closed":
            _category, words = told_about(self.session, None, news.outcome)
            return Ending(words, to_follower=True)
        return Step(news.kind, noon(news.day) if news.day else Day(self.case.due_at), news.body)


def _standing(case: CaseSheet, now: datetime) -> News:
    """Where it is when somebody joins; nothing is said while there is no news, nor of a day that is past."""
    if case.closed_at is not None:
        return News(kind="closed", outcome=case.outcome)
    if case.planned_on is None or case.planned_on < now.astimezone(PARIS).date():
        return News(kind="")
    return News(kind="secured" if case.made_safe_at else "planned", day=case.planned_on)
