"""mySociety's `servicerequestupdates`, both ways: what became of requests here, and at a partner's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from crm.api.open311.blueprint import Refused, offered
from crm.api.open311.door import extended, holder, paced, reader
from crm.api.open311.filters import moment, read_page, read_references, span
from crm.api.open311.posting import MEDIA, media_urls
from crm.api.open311.requests import shown_codes
from crm.api.open311.statuses import OF_FACT, of_fact
from crm.api.open311.told import UPDATES, answer
from crm.api.public_case import may_show, said
from crm.attachments import ask_remote_file
from crm.cases import (
    STATUSES,
    Asked,
    Heard,
    Mistyped,
    PartnerSays,
    PublicFact,
    hear_partner,
    parse_reference,
    public_facts,
)
from crm.foundation import PARIS, SYSTEM, Actor, Invalid, clean
from crm.http import dates, public, reading, take_files, takes_files, unit_of_work, wiring
from crm.http import gettext as _
from crm.staff import KeyScope
from crm.trail import TrailEntry, sentence

_USUAL, _LONGEST = timedelta(days=1), timedelta(days=31)
_LONGEST_ID = 200
_LONGEST_TEXT = 10_000
# Where the partner gave what an act of ours asks for.
_FIELDS = {"report": "description", "motive": "description", "planned_on": "expected_datetime"}


@offered("/servicerequestupdates")
@public
@paced(120)
def told_updates() -> ResponseReturnValue:
    """What happened to requests, oldest first: of the last day, of a period, or of some requests alone."""
    actor = reader()
    now, given = wiring().clock.now(), request.args
    references, page = read_references(given), read_page(given)
    asked = Asked(codes=shown_codes(), actor=actor)
    if references is not None:
        asked = Asked(codes=asked.codes, actor=actor, references=references or ("",))
    else:
        longest = _LONGEST if given.get("start_date") else _USUAL
        since, until = span(given, now, longest)
        asked = Asked(codes=asked.codes, actor=actor, since=since, until=until)
    with reading() as session:
        facts = public_facts(
            session,
            asked,
            tuple(OF_FACT),
            settled_for=timedelta(seconds=wiring().settings.messages.undo_seconds),
            now=now,
            limit=page.size,
            skip=page.skip,
        )
    return answer(_told(facts, actor), UPDATES)


@offered("/servicerequestupdates", "POST")
@public
@takes_files
@paced(120)
def take_update() -> ResponseReturnValue:
    """A partner says what became of a request. The same update_id again is the same update."""
    actor = holder(KeyScope.UPDATE)
    reference = _reference(request.form)
    said_there = _read(request.form)
    urls = media_urls(request.form)
    taken = take_files(acting=SYSTEM, files=MEDIA)  # kept for nobody until the case takes them
    heard = _hear(actor, reference, said_there, taken.tokens, urls)
    told = {"update_id": str(heard.id), "service_request_id": reference}
    return answer([told], UPDATES, 201 if heard.is_new else 200)


def _told(facts: list[PublicFact], actor: Actor | None) -> list[dict[str, Any]]:
    catalogue, _index = wiring().rulebooks.categories()
    units, more = wiring().rulebooks.units(), extended()

    def say(_fact: TrailEntry, hole: str, value: object) -> str:
        if hole == "unit":
            unit = units.get(int(str(value)))
            return unit.name if unit else "—"
        return dates.full_day(date.fromisoformat(str(value)))

    return [
        {
            "update_id": str(fact.entry.id),
            "service_request_id": fact.case.reference,
            "status": of_fact(fact.entry.kind, fact.entry.data.get("outcome"), extended=more),
            "updated_datetime": said(fact.entry.at),
            "description": sentence(fact.entry, say, _, public=True),
            "media_url": None,
        }
        for fact in facts
        if may_show(fact.case, catalogue, actor)
    ]


def _reference(form: MultiDict[str, str]) -> str:
    typed = form.get("service_request_id", "")
    if not typed:
        raise Refused(400, "service_request_id is missing.")
    try:
        return parse_reference(typed)
    except Mistyped:
        raise Refused(404, "No such request.") from None


def _read(form: MultiDict[str, str]) -> PartnerSays:
    """Names and addresses of whoever wrote there are not read: they stay there.

    Raises:
        Refused: no update_id, or a status or a date that is none.
    """
    update_id = clean(form.get("update_id", ""))
    if not update_id or len(update_id) > _LONGEST_ID:
        raise Refused(400, f"update_id: from 1 to {_LONGEST_ID} characters.")
    status = form.get("status", "").strip().lower().replace(" ", "_") or "open"
    if status not in STATUSES:
        raise Refused(400, f"status: one of {', '.join(sorted(STATUSES))}.")
    text = clean(form.get("description", ""))
    if len(text) > _LONGEST_TEXT:
        raise Refused(400, f"description: at most {_LONGEST_TEXT} characters.")
    planned = moment(form, "expected_datetime")
    return PartnerSays(
        update_id=update_id,
        status=status,
        text=text,
        happened_at=moment(form, "updated_datetime"),
        planned_on=planned.astimezone(PARIS).date() if planned else None,
    )


def _hear(
    actor: Actor, reference: str, said_there: PartnerSays, files: tuple[str, ...], urls: list[str]
) -> Heard:
    try:
        with unit_of_work(actor) as uow:
            heard = hear_partner(uow, reference, said_there, files=files)
            for url in urls if heard.is_new else ():
                ask_remote_file(uow, heard.case_id, url, heard.giving)
    except Invalid as refusal:
        told = [f"{_FIELDS.get(name, name)}: {code}" for name, code in refusal.fields.items()]
        raise Refused(400, *told) from None
    return heard
