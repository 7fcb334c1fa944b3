"""Texts with named holes and nothing else: no logic, attribute or format. Choosing and filling. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

MessageName = Literal[
    "registration", "question", "answer", "referral", "handover", "reopened", "delay",
    "reply", "reach_changed", "reach_confirmation", "followed", "follower_news", "acknowledgement",
    "space_link", "appointment", "appointment_reminder", "appointment_off", "call_back_slot",
    "continuation", "sms_refused", "sms_accepted", "opinion_request", "work_request",
    "guest_reminder", "opinion_late", "incident_over",
]  # fmt: skip
MESSAGES: tuple[MessageName, ...] = get_args(MessageName)
CHANNELS = ("email", "letter", "sms", "phone", "web")
TRANSLATIONS = ("en",)  # French is never left out: a translation stands below it (CRPA L111-1)
PLACEHOLDERS = frozenset(
    {
        "reference", "object", "place", "unit", "unit_address", "unit_phone", "unit_email", "due_date",
        "received_date", "outcome_text", "report", "link", "centre_phone", "centre_hours", "agent",
        "question", "today", "organization", "advice", "implicit_decision_date", "words", "details",
        "usager", "message", "implicit_acceptance_date", "receipt_link", "guest_link", "safe_date",
        "appointment_day", "appointment_hour", "appointment_how", "appointment_place", "appointment_link",
        "call_day", "call_from", "call_until", "call_number",
    }
)  # fmt: skip
ELSEWHERE = ("handover", "opinion_request", "work_request", "guest_reminder")  # for other bodies
_HOLE = re.compile(r"\{([a-z_]+)\}")
_BLANKS = re.compile(r"\s+")
# What a resident typed may reach a third person in our name: it must not carry a link, not even one that a
# mail reader would make clickable by itself.
_TYPED = ("object", "place")
_ENDS = "com|net|org|fr|eu|io|info|biz|app|site|online|shop|xyz|top|link|click|me|co|ly|ru|cn|tk|gl|be"
_LINK = re.compile(rf"\S*(?:://|www\.)\S*|[\w-]+(?:\.[\w-]+)*\.(?:{_ENDS})\b(?:[/?:#]\S*)?", re.IGNORECASE)


# Nobody reads a link out, nor « répondez à ce message »: those lines go from what is said on the telephone.
NOT_SAID_ALOUD = ("link", "centre_phone")


class Use(NamedTuple):
    """What a text is for; empty fits any.

    Args:
        language: of a translation, which stands below the French; empty for the French itself.
    """

    message: str
    outcome: str = ""
    channel: str = ""
    category_code: str = ""
    domain_code: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTemplate:
    """A text and what it is for. An empty use fits any. `subject` is empty where a channel has none."""

    message: str
    body: str
    subject: str = ""
    outcome: str = ""
    domain_code: str = ""
    category_code: str = ""
    channel: str = ""
    language: str = ""

    @property
    def use(self) -> Use:
        return Use(
            self.message, self.outcome, self.channel, self.category_code, self.domain_code, self.language
        )


def text_for_use(use: Use, *, subject: str, body: str) -> ReplyTemplate:
    return ReplyTemplate(**use._asdict(), subject=subject, body=body)


def key_of(use: Use) -> str:
    """What its versions are kept under."""
    return "|".join(use if use.language else use[:-1])


def columns_of(use: Use) -> dict[str, str | None]:
    """As a row holds it: what fits any is NULL there, but for the language."""
    return {name: part or None for name, part in use._asdict().items()} | {"language": use.language}


def use_of(key: str) -> Use:
    return Use(*key.split("|"))


@dataclass(frozen=True, slots=True)
class Filled:
    """A text ready to be reviewed. `left_out` names the holes without a value: their lines were dropped."""

    subject: str
    body: str
    left_out: tuple[str, ...] = ()


def placeholders_in(text: str) -> list[str]:
    return list(dict.fromkeys(_HOLE.findall(text)))


def problems_in(text: str) -> list[str]:
    """Why a text may not be used: its unknown placeholders by name, and any brace that is not one."""
    unknown = [f"{{{name}}} n’existe pas" for name in placeholders_in(text) if name not in PLACEHOLDERS]
    if set("{}") & set(_HOLE.sub("", text)):
        unknown.append("une accolade ne forme pas un champ comme {reference}")
    return unknown


def choose(
    templates: Iterable[ReplyTemplate],
    message: str,
    *,
    outcome: str | None = None,
    category_code: str | None = None,
    domain_code: str | None = None,
    channel: str | None = None,
    language: str = "",
) -> ReplyTemplate | None:
    """The most specific template that fits, or None.

    What the text says comes first (outcome), then its form (channel: an SMS must be short), then its subject.

    Args:
        language: of a translation: no text stands in for one, and a long one never for that of an SMS.
    """
    wanted = (outcome or "", channel or "", category_code or "", domain_code or "")
    fitting = [t for t in templates if t.message == message and t.language == language and _fits(t, wanted)]
    if language and channel == "sms":
        fitting = [t for t in fitting if t.channel == "sms"]
    return max(fitting, key=lambda t: tuple(bool(part) for part in t.use), default=None)


def choose_for_reader(
    templates: Sequence[ReplyTemplate],
    message: str,
    language: str,
    *,
    outcome: str | None = None,
    category_code: str | None = None,
    domain_code: str | None = None,
    channel: str | None = None,
) -> list[ReplyTemplate]:
    """The French, then what stands below it for whoever reads another language; empty without French.

    A translation is of the very French that leaves, or of a more general one, which says less: that of a more
    precise text, whose French serves no more, would say otherwise.
    """
    french = choose(
        templates,
        message,
        outcome=outcome,
        category_code=category_code,
        domain_code=domain_code,
        channel=channel,
    )
    if french is None:
        return []
    if language not in TRANSLATIONS or (channel == "sms" and french.channel != "sms"):
        return [french]
    below = choose(
        templates,
        message,
        outcome=french.outcome,
        category_code=french.category_code,
        domain_code=domain_code if french.category_code else french.domain_code,
        channel=french.channel,
        language=language,
    )
    return [french, below] if below else [french]


def _fits(template: ReplyTemplate, wanted: tuple[str, ...]) -> bool:
    return all(ours in ("", theirs) for ours, theirs in zip(template.use[1:-1], wanted, strict=True))


def fill(template: ReplyTemplate, values: Mapping[str, str]) -> Filled:
    """Put values in the holes, as plain text: whoever prints HTML escapes it.

    A line that has a hole without a value is dropped whole: half a sentence is worse than none.
    """
    values = {**values, **{name: without_links(values.get(name, "")) for name in _TYPED}}
    asked = placeholders_in(f"{template.subject} {template.body}")
    missing = [name for name in asked if not values.get(name, "").strip()]
    lines = [line for line in template.body.split("\n") if not set(placeholders_in(line)) & set(missing)]
    body = _HOLE.sub(lambda hole: values[hole[1]].strip(), "\n".join(lines))
    subject = _HOLE.sub(lambda hole: values.get(hole[1], ""), template.subject)
    return Filled(_one_line(subject), re.sub(r"\n{3,}", "\n\n", body).strip(), tuple(missing))


def without_links(text: str) -> str:
    return _BLANKS.sub(" ", _LINK.sub(" ", text)).strip()


def _one_line(text: str) -> str:
    """A subject goes into a header: no line break or control character may enter it."""
    visible = "".join(mark if mark.isprintable() else " " for mark in text)
    return _BLANKS.sub(" ", visible).strip()
