"""By which way, and where, somebody is reached: what they asked for, else the next one that works."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from crm.cases import CaseSheet, Follower
from crm.contacts import ContactCard, PointLine, is_mobile
from crm.notifications.owed import ELECTRONIC

# After what they asked for and what they like: what is read at once, then what takes somebody's time.
_NEXT = ("email", "sms", "phone", "letter")
BY_ITSELF = frozenset({"email", "sms", "letter"})  # the others are a task for somebody
_ON_PAPER = frozenset({"letter"})
_POINTS = {"email": "email", "sms": "phone", "phone": "phone", "letter": "postal"}
Reached = tuple[str, str]  # the channel, and where to


def by_itself(asked: CaseSheet | Follower, card: ContactCard | None) -> frozenset[str]:
    """The ways of what the programme writes by itself about this case, or to this follower.

    Who reads with difficulty, or asked to be called, is sent nothing to read on a screen, but a letter, in
    large characters. Who wrote to us so is answered so: a receipt goes where the sending came from (CRPA
    R112-11-2).
    """
    is_better_told = card is not None and card.is_better_told and asked.channel not in ELECTRONIC
    return _ON_PAPER if is_better_told else BY_ITSELF


def reach_of(
    case: CaseSheet, card: ContactCard | None, wanted: str, *, among: Collection[str] | None = None
) -> Reached:
    """`reachable`, but where the usager asked to be answered about this demand, if they did."""
    is_asked = bool(case.answer_to) and wanted == case.answer_channel and (among is None or wanted in among)
    if is_asked and not _fails(card, wanted, case.answer_to):
        return wanted, case.answer_to
    return reachable(card, wanted, among=among)


def reachable(
    card: ContactCard | None,
    wanted: str,
    *,
    among: Collection[str] | None = None,
    but: Collection[Reached] = (),
) -> Reached:
    """The channel that serves and where to; the one wanted first. Both empty for who cannot be reached.

    A point where nothing arrives any more is never given, nor an SMS to a number that refused them.

    Args:
        among: the channels that may serve; all when not said.
        but: what was tried already.
    """
    if card is None:
        return "", ""
    for way in dict.fromkeys((wanted, card.preferred_channel, *_NEXT)):
        if among is not None and way not in among:
            continue
        for recipient in _recipients(card, way, is_wanted=way == wanted):
            if (way, recipient) not in but:
                return way, recipient
    return "", ""


def failing_by(card: ContactCard | None, wanted: str) -> tuple[PointLine, ...]:
    """Why the channel wanted does not serve: the points it would use, all failed. For agents to see."""
    if card is None or wanted not in _POINTS or card.sound(_POINTS[wanted]):
        return ()
    return card.failing(_POINTS[wanted])


def _recipients(card: ContactCard, way: str, *, is_wanted: bool) -> Iterator[str]:
    for point in card.sound(_POINTS.get(way, "")):
        if way == "email":
            yield point.value
        elif way == "letter":
            yield f"{card.display_name}\n{point.raw}".strip()
        elif way == "sms" and point.no_sms:
            continue
        elif point.value.startswith("+") and (way == "phone" or is_wanted or is_mobile(point.value)):
            yield point.value  # an SMS that nobody asked for does not go to a landline


def _fails(card: ContactCard | None, way: str, recipient: str) -> bool:
    known = card.points if card is not None and way in _POINTS else ()
    theirs = [one for one in known if one.kind == _POINTS[way] and one.value == recipient]
    return any(not one.is_sound or (way == "sms" and one.no_sms) for one in theirs)
