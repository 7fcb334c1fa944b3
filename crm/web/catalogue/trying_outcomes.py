"""The words of an outcome tried: in the list that agents choose from, and in what is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from crm.cases import NOT_CHOSEN, choosable
from crm.catalogue import Catalogue, Category, OutcomeWords, Working, outcome_from, with_outcome
from crm.channels import sms_parts
from crm.http import gettext as _
from crm.http import typo, wording
from crm.knowledge import CHANNELS, ReplyTemplate, choose_for_reader, example_values, fill, reply_templates
from crm.notifications import one_below_the_other
from crm.web.catalogue.frame import framed
from crm.web.explaining import category_label
from crm.web.words.asked import address_of


@dataclass(frozen=True, slots=True)
class Offer:
    """What the box « Issue » would hold, for any demand or for one of a category that names the outcome."""

    name: str
    where: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Read:
    """A message as it would leave.

    Args:
        holds: the sentence is in it; else the text says this end in words of its own.
        address: of the text, among those of replies.
        parts: how many SMS it makes.
    """

    title: str
    subject: str
    body: str
    holds: bool
    address: Mapping[str, str]
    parts: int | None


def tried(session: Session, one: Working) -> ResponseReturnValue:
    """`?canal=sms` for another channel than the mail, `?langue=en` for whoever reads English."""
    draft, way, language = outcome_from(one.content), _way(), request.args.get("langue")
    then = with_outcome(one.known, one.content)
    return framed(
        session,
        one,
        "outcome_trial",
        "trial",
        draft=draft,
        offers=[] if one.code in NOT_CHOSEN else list(_offers(then, one.code)),
        reads=list(_reads(session, draft, way, language)),
        ways=[
            {"label": wording(c, "channel"), "href": _address(one, c, language), "here": c == way}
            for c in CHANNELS
        ],
        readers=[
            {"label": _("Pour qui lit le français"), "href": _address(one, way), "here": language != "en"},
            {
                "label": _("Pour qui lit l’anglais"),
                "href": _address(one, way, "en"),
                "here": language == "en",
            },
        ],
        way=way,
    )


def as_read(session: Session, one: Working) -> list[Read]:
    """By mail, for whoever reads French."""
    return list(_reads(session, outcome_from(one.content), "email", None))


def _way() -> str:
    asked = request.args.get("canal", "")
    return asked if asked in CHANNELS else "email"


def _address(one: Working, way: str, language: str | None = None) -> str:
    return url_for("catalogue.trial", thing="issues", code=one.code, canal=way, langue=language)


def _offers(then: Catalogue, code: str) -> Iterator[Offer]:
    yield Offer("any", _("Pour une demande quelconque"), _options(then, None))
    naming = (c for c in then.categories.values() if c.is_active and code in c.outcomes)
    if (category := next(naming, None)) is not None:
        where = _("Pour « %(category)s », qui la nomme", category=category_label(category.code))
        yield Offer("named", where, _options(then, category))


def _options(then: Catalogue, category: Category | None) -> list[tuple[str, str]]:
    words = {outcome.code: outcome.label for outcome in then.outcomes}
    return [(str(code), typo(words[code])) for code in choosable(then, category, unanswered=True)]


def _reads(session: Session, draft: OutcomeWords, way: str, language: str | None) -> Iterator[Read]:
    titles = {"answer": _("La réponse à l’usager"), "follower_news": _("À qui suit la demande")}
    for message, title in titles.items():
        known, follower = reply_templates(session, message), message == "follower_news"
        outcome = None if follower else draft.code  # one text of news serves for every end
        if texts := choose_for_reader(known, message, language or "fr", outcome=outcome, channel=way):
            yield _read(title, texts, draft, way, follower=follower)


def _read(title: str, texts: list[ReplyTemplate], draft: OutcomeWords, way: str, *, follower: bool) -> Read:
    """The French, and its translation below."""
    filled = [(text.language, fill(text, _values(draft, text, way, follower=follower))) for text in texts]
    said = one_below_the_other(filled, way)
    holds = "{outcome_text}" in texts[0].body
    parts = sms_parts(said.body).parts if way == "sms" else None
    return Read(title, said.subject, said.body, holds, address_of(texts[0].use), parts)


def _values(draft: OutcomeWords, text: ReplyTemplate, way: str, *, follower: bool) -> dict[str, str]:
    sentence = draft.told(text.language or "fr", follower=follower)
    return {**example_values(channel=way, language=text.language), "outcome_text": sentence}
