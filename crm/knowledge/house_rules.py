"""How the house writes: short, dated, polite, never a dead end. Told while a text is edited. Pure.

These advise; what the law asks and what could not work are refused (`mentions.py`, `checking.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crm.channels import sms_parts, to_gsm7
from crm.knowledge.examples import example_values
from crm.knowledge.templates import ELSEWHERE, ReplyTemplate, fill, placeholders_in

MOST_WORDS = 20
MOST_SMS = 2
COLD_WORDS = (
    "veuillez", "meilleurs délais", "client", "administré", "no-reply", "noreply", "ne pas répondre",
    "dysfonctionnement", "susmentionné", "à cet égard", "nonobstant", "prendre attache", "dans le cadre de",
    "il vous appartient", "nous accusons réception", "mécontentement",
)  # fmt: skip
NEEDED: Mapping[str, frozenset[str]] = {
    message: frozenset(holes.split())
    for message, holes in {
        "registration": "reference object unit due_date centre_phone",
        "acknowledgement": "reference unit due_date centre_phone",
        "question": "reference question due_date unit centre_phone",
        "answer": "reference unit centre_phone",
        "referral": "reference organization today unit unit_phone centre_phone",
        "handover": "reference organization today words usager centre_phone guest_link",
        "opinion_request": "organization question due_date guest_link centre_phone",
        "work_request": "organization question due_date guest_link centre_phone",
        "guest_reminder": "organization due_date guest_link centre_phone",
        "opinion_late": "reference today due_date link centre_phone",
        "incident_over": "reference today message centre_phone",
        "reopened": "reference unit due_date centre_phone",
        "delay": "reference due_date unit centre_phone",
        "followed": "reference due_date link centre_phone",
        "follower_news": "reference outcome_text today centre_phone",
        "reply": "reference today centre_phone",
        "reach_changed": "reference today centre_phone",
        "reach_confirmation": "reference today link centre_phone",
        "space_link": "today link centre_phone",
        "continuation": "due_date link centre_phone",
        "sms_refused": "today centre_phone",
        "sms_accepted": "today centre_phone",
        "appointment": "reference appointment_day appointment_hour appointment_link centre_phone",
        "appointment_reminder": "reference appointment_day appointment_place appointment_link",
        "call_back_slot": "reference call_day call_from call_until centre_phone",
        "appointment_off": "reference appointment_day appointment_hour centre_phone",
    }.items()
}
_DATES = {"due_date", "safe_date", "today", "received_date", "appointment_day", "call_day"}
_INVITES = ("pondez à ce message", "nous écrire", "pondez simplement")
_STRANGERS_WORDS = {"report", "question", "advice"}
_SENTENCE_ENDS = re.compile(r"[.?!:]\s|\n")
_HOLE = re.compile(r"\{(\w+)\}")
_BY_HAND = re.compile("['\u202f\u00a0\t]")  # straight apostrophes, narrow spaces: the programme puts them
_FAMILIAR = re.compile(r"\b(?:tu|te)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """What the house would write otherwise. `shown`: the words, or the hole, that it is about."""

    code: str
    shown: str = ""


def remarks(template: ReplyTemplate) -> list[Remark]:
    """Of a translation, less: how French is written is not asked of it."""
    text = f"{template.subject}\n{template.body}"
    if template.language:
        return [*_long_sentences(text), *_missing_holes(template), *_short_enough(template)]
    return [*wording_remarks(text), *_needs(template), *_form(template), *_of_its_outcome(template)]


def wording_remarks(text: str) -> Iterator[Remark]:
    """Of any words read or said to a usager."""
    yield from _long_sentences(text)
    said = text.lower()
    yield from (Remark("cold_word", word) for word in COLD_WORDS if word in said)
    if _FAMILIAR.search(text):
        yield Remark("familiar")
    if _BY_HAND.search(text):
        yield Remark("by_hand")


def _long_sentences(text: str) -> Iterator[Remark]:
    for sentence in _SENTENCE_ENDS.split(text):
        if len(_HOLE.sub(_as_long_as, sentence).split()) > MOST_WORDS:
            yield Remark("long_sentence", sentence.strip())


def _as_long_as(hole: re.Match[str]) -> str:
    return "x x" if hole[1] == "centre_hours" else "x"


def _needs(template: ReplyTemplate) -> Iterator[Remark]:
    """Which demand, what next, by when, who, and how to reach a person otherwise than by a screen."""
    holes = set(placeholders_in(template.body))
    yield from _missing_holes(template)
    if not holes & _DATES:
        yield Remark("no_date")
    if template.message not in ELSEWHERE and "mairie" not in template.body:
        yield Remark("no_counter")
    if template.message == "registration":
        yield from (Remark("echo", hole) for hole in sorted(_STRANGERS_WORDS & holes))


def _missing_holes(template: ReplyTemplate) -> Iterator[Remark]:
    lacking = NEEDED[template.message] - set(placeholders_in(template.body))
    yield from (Remark("missing_hole", hole) for hole in sorted(lacking))


def _short_enough(template: ReplyTemplate) -> Iterator[Remark]:
    if template.channel != "sms":
        return
    size = sms_parts(to_gsm7(fill(template, example_values(channel="sms", language=template.language)).body))
    if size.encoding != "gsm7":
        yield Remark("sms_marks")
    elif size.parts > MOST_SMS:
        yield Remark("sms_long", str(size.parts))


def _form(template: ReplyTemplate) -> Iterator[Remark]:
    """A written message is signed and can be answered; an SMS is short."""
    if template.channel == "sms":
        yield from _short_enough(template)
    elif template.channel != "phone":
        holes = set(placeholders_in(template.body))
        yield from (Remark("missing_hole", hole) for hole in ("agent", "centre_hours") if hole not in holes)
        if not any(words in template.body for words in _INVITES):
            yield Remark("no_invitation")


def _of_its_outcome(template: ReplyTemplate) -> Iterator[Remark]:
    if template.message != "answer" or template.channel == "sms":
        return
    if template.outcome == "R":
        missing = {"report", "advice"} - set(placeholders_in(template.body))
        yield from (Remark("missing_hole", hole) for hole in sorted(missing))
        if "médiateur" not in template.body:
            yield Remark("no_appeal")
    if template.outcome == "NC" and "nous repasserons" not in template.body:
        yield Remark("no_return")
