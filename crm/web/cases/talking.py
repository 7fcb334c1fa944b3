"""The word to give to a usager from the page of their case."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request
from flask_login import current_user

from crm.access import Permission, allows
from crm.cases import SPOKEN, CaseSheet
from crm.contacts import ContactCard
from crm.http import gettext as _
from crm.http import in_sentence, wording
from crm.interactions import Exchange
from crm.notifications import reach_of
from crm.web.sms_refused import refused_on_case
from crm.web.writing import has_failed, written

_EXCERPT = 400


@dataclass(frozen=True, slots=True)
class OnNetwork:
    """Where the answer to a publication stands: in public first, a word; then in private, the details.

    Args:
        public_at, private_at: when it was last done; None while it is to be done.
        private_by: by which channel.
    """

    public_at: datetime | None
    private_at: datetime | None
    private_by: str


@dataclass(frozen=True, slots=True)
class Talk:
    """
    Args:
        last_id: the last exchange under the agent's eyes; what was said since is a conflict.
        words: of the usager's last message.
        hint: how the usager will know that we answered.
        reader: who reads what is sent, and where: « Aïcha Diallo, 06 39 98 00 01 (SMS) »; empty for nobody.
        key: the form sent twice is one answer.
        network: of a demand read on a social network.
    """

    last_id: int
    words: str
    hint: str
    key: str
    reader: str
    network: OnNetwork | None


def talk_of(case: CaseSheet, said: Sequence[Exchange], card: ContactCard | None) -> Talk | None:
    """None for whoever may not answer."""
    if not allows(current_user.actor, Permission.CASE_TALK, case):
        return None
    spoken = [one for one in said if one.kind in SPOKEN and one.is_public and one.state != "cancelled"]
    theirs = [one.body for one in spoken if one.kind == "message"]
    reader = _reader(case, card)
    return Talk(
        last_id=max((one.id for one in spoken), default=0),
        words=theirs[-1][:_EXCERPT] if theirs else "",
        hint=" ".join(filter(None, (_hint(case, reader), refused_on_case(case, card)))),
        key=request.form.get("talk_key") or secrets.token_urlsafe(18),
        reader=reader,
        network=_network(spoken) if case.channel == "social" else None,
    )


def _network(spoken: Sequence[Exchange]) -> OnNetwork:
    ours = [one for one in spoken if one.direction == "out"]
    public = [one for one in ours if one.channel == "social" and one.kind != "private_reply"]
    private = [one for one in ours if one not in public]
    last = private[-1] if private else None
    return OnNetwork(
        public[-1].occurred_at if public else None,
        last.occurred_at if last else None,
        last.channel if last else "",
    )


def _reader(case: CaseSheet, card: ContactCard | None) -> str:
    way, recipient = reach_of(case, card, case.answer_channel)
    if not recipient or card is None:
        return ""
    told = written(way, recipient, card.display_name, "", failed=has_failed(card, recipient))
    where = ", ".join(filter(None, told.address.splitlines()))
    named = where if where.startswith(told.name) else f"{told.name}, {where}"
    said = f"{named} ({in_sentence(wording(way, 'channel'))})"
    return _("%(reader)s : le dernier envoi n’est pas arrivé", reader=said) if told.failed else said


def _hint(case: CaseSheet, reader: str) -> str:
    if case.answer_channel == "none":
        return _("L’usager est anonyme : il lira votre réponse sur sa page de suivi.")
    way = reader or in_sentence(wording(case.answer_channel, "answer_channel"))
    told = _("L’usager lit votre texte sur sa page de suivi. Il est prévenu ainsi : %(channel)s.")
    return told % {"channel": way}
